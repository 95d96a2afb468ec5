/** Exchanges as a standalone client reads them. */
import type {
  BodyNode,
  Entry,
  Exchange,
  Hole,
  JwtRecipe,
  Matcher,
  Placement,
  StatusRange,
  Template,
  UrlOrigin,
  ValueSymbol,
} from "../../../../../schema/ir.ts";
import type { JsonPath, PathStep } from "../../../../../schema/language/jsonpath.ts";
import {
  type EntryPlan,
  type ExchangePlan,
  type HoleStyle,
  type JwtPlan,
  type MatcherPlan,
  type NodePlan,
  type OriginPlan,
  optionalHole,
  type PlacementPlan,
  type Hole as PlanHole,
  type Range,
  secretHole,
  type Text,
  type ValueKey,
} from "../../../../../schema/standalone-plan.ts";
import { EmitRefusal } from "../../../output.ts";

export function keyOf(symbol: ValueSymbol): ValueKey {
  switch (symbol.kind) {
    case "parameter":
      return `p:${symbol.name}`;
    case "setting":
      return `s:${symbol.key}`;
    case "credential":
      return symbol.member === undefined ? `c:${symbol.key}` : `c:${symbol.key}\n${symbol.member}`;
    case "extract":
      return `x:${symbol.step}\n${symbol.name}`;
    case "oauth":
      return `o:${symbol.name}`;
    case "token":
      return "t:";
    case "grant":
      return `g:${symbol.name}`;
    case "request":
      return `r:${symbol.part}`;
  }
}

/** Literal pieces side by side are one. */
export function textOf({ parts }: Template): Text {
  return parts.every((part) => typeof part === "string")
    ? parts.join("")
    : parts.map((part) => (typeof part === "string" ? part : holeOf(part)));
}

function holeOf(hole: Hole): PlanHole {
  const bits = (hole.optional ? optionalHole : 0) | (holdsSecret(hole) ? secretHole : 0);
  if (hole.kind === "call") return [`=${hole.function}`, hole.context, bits, hole.args.map(textOf)];
  const { style } = hole;
  if (!style || hole.context !== "path") return [keyOf(hole.symbol), hole.context, bits];
  const plan: HoleStyle = [style.name, style.style, style.explode];
  return [keyOf(hole.symbol), hole.context, bits, plan];
}

function holdsSecret(hole: Hole): boolean {
  return (
    hole.secret ||
    (hole.kind === "call" &&
      hole.args.some(({ parts }) => parts.some((part) => typeof part !== "string" && holdsSecret(part))))
  );
}

/** Every key that a piece of the representation reads. */
export function keysIn(node: unknown): ValueKey[] {
  if (typeof node !== "object" || node === null) return [];
  const { kind, symbol } = node as { kind?: unknown; symbol?: ValueSymbol };
  if (kind === "ref" && symbol) return [keyOf(symbol)];
  return Object.values(node).flatMap(keysIn);
}

export function originOf(origin: UrlOrigin): OriginPlan {
  if (origin.kind === "literal") return origin.origin;
  return origin.kind === "base"
    ? { base: textOf(origin.base) }
    : { scheme: origin.scheme, host: hostText(origin.authority) };
}

/** A hole that ends a longer host, as in `api.{domain}`, may bring several labels: nothing after it is overridden. */
function hostText({ parts }: Template): Text {
  const last = parts.at(-1);
  const isTail = parts.length > 1 && typeof last === "object" && last.context === "host";
  return textOf({
    parts: isTail ? [...parts.slice(0, -1), { ...last, context: "authority" as const }] : parts,
  });
}

/** True where an answer, or a member of a key file, takes part in the destination. */
export function isForeign(origin: UrlOrigin): boolean {
  return origin.kind !== "literal" && keysIn(origin).some((key) => /^[xot]:|^c:.*\n/s.test(key));
}

export function entriesOf(entries: readonly Entry[]): EntryPlan[] {
  return entries.map((entry) => {
    if (entry.kind === "parameter") return [entry.name, entry.parameter, entry.style, entry.explode];
    const value = textOf(entry.value);
    return entry.bare && typeof value === "string" ? [entry.name, value, "bare"] : [entry.name, value];
  });
}

function readsRequest(entry: Entry): boolean {
  return keysIn(entry).some((key) => key.startsWith("r:"));
}

/** Headers by the names that requests are made with. */
export function headersOf(entries: readonly Entry[]): EntryPlan[] {
  return entriesOf(entries.map((entry) => ({ ...entry, name: entry.name.toLowerCase() })));
}

export function placementOf({ query, headers, cookies }: Placement): PlacementPlan {
  return {
    ...list("query", entriesOf(query.filter((entry) => !readsRequest(entry)))),
    ...list("late", entriesOf(query.filter(readsRequest))),
    ...list("headers", headersOf(headers)),
    ...list("cookies", entriesOf(cookies)),
  };
}

export function exchangeOf(exchange: Exchange): ExchangePlan {
  const { method, url, query, headers, cookies, body, response } = exchange;
  const { type, records, error_message, error_code } = response;
  const ok = rangesOf(response.success_status);
  return {
    method,
    origin: originOf(url.origin),
    ...(isForeign(url.origin) ? { foreign: true as const } : {}),
    path: textOf(url.path),
    ...list("query", entriesOf(query)),
    ...list("headers", headersOf(headers.filter((entry) => !readsRequest(entry)))),
    ...list("late", headersOf(headers.filter(readsRequest))),
    ...list("cookies", entriesOf(cookies)),
    ...(body
      ? {
          body: {
            kind: body.content_type,
            type: body.media_type,
            root: nodeOf(body.root),
            ...("deep" in body && body.deep ? { deep: body.deep } : {}),
          },
        }
      : {}),
    ...(type === "json" ? {} : { type }),
    ...(JSON.stringify(ok) === "[[200,299]]" ? {} : { ok }),
    ...(stepsOf(records).length === 0 ? {} : { records: stepsOf(records) }),
    ...(error_message ? { message: stepsOf(error_message) } : {}),
    ...(error_code ? { code: stepsOf(error_code) } : {}),
  };
}

export function nodeOf(node: BodyNode): NodePlan {
  switch (node.kind) {
    case "literal":
      return ["literal", node.value];
    case "template":
      return ["text", textOf(node.template)];
    case "value":
      return ["value", holeOf(node.hole)];
    case "object":
      return ["object", node.entries.map(({ key, value }) => [key, nodeOf(value)] as const)];
    case "list":
      return ["list", node.items.map(nodeOf)];
  }
}

export function rangesOf(ranges: readonly StatusRange[]): Range[] {
  return ranges.map(({ from, to }) => [from, to]);
}

/** Others were refused: they need an engine. */
export function stepsOf(path: JsonPath): readonly PathStep[] {
  if (path.kind === "plain") return path.steps;
  throw new EmitRefusal(`The path ${path.text} needs an engine. Build it with --mode runtime`);
}

export function matcherOf({ status, header, json, text }: Matcher): MatcherPlan {
  return {
    ...(status ? { status: rangesOf(status) } : {}),
    ...(header ? { header: { ...header, name: header.name.toLowerCase() } } : {}),
    ...(json ? { json: { ...json, path: stepsOf(json.path) } } : {}),
    ...(text ? { text: text.contains } : {}),
  };
}

export function jwtOf(recipe: JwtRecipe): JwtPlan {
  const { algorithm, key, key_encoding, key_id, headers, claims, ttl_seconds } = recipe;
  return {
    algorithm,
    key: textOf(key),
    ...(key_encoding ? { encoding: key_encoding } : {}),
    ...(key_id ? { id: textOf(key_id) } : {}),
    headers: headers.map(({ name, value }) => [name, textOf(value)] as const),
    claims: nodeOf(claims),
    seconds: ttl_seconds,
  };
}

/** Nothing where there is nothing. */
export function list<Key extends string, Item>(
  key: Key,
  items: readonly Item[],
): { readonly [K in Key]?: readonly Item[] } {
  return items.length === 0 ? {} : ({ [key]: items } as { readonly [K in Key]: readonly Item[] });
}
