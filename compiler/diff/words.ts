/** Parts of the IR in the words of a descriptor: for messages, and to tell whether two templates send the same. */

import type { Hole, Json, Template, UrlOrigin, ValueSymbol } from "../../schema/ir.ts";
import { canonical } from "./canonical.ts";

/** A template as an author would write it. */
export function templateText({ parts }: Template): string {
  return parts.map((part) => (typeof part === "string" ? part : `{${holeText(part)}}`)).join("");
}

export function holeText(hole: Hole): string {
  if (hole.kind === "ref") return symbolText(hole.symbol);
  return `${hole.function}(${hole.args.map(templateText).join(", ")})`;
}

/** A value by its qualified name: two holes that read the same place have the same text. */
export function symbolText(symbol: ValueSymbol): string {
  switch (symbol.kind) {
    case "parameter":
      return symbol.name;
    case "setting":
      return `config.${symbol.key}`;
    case "credential":
      return `credentials.${symbol.key}${symbol.member === undefined ? "" : `.${symbol.member}`}`;
    case "grant":
      return `grant.${symbol.name}`;
    case "extract":
      return `chain.${symbol.step}.${symbol.name}`;
    case "oauth":
      return `oauth.${symbol.name}`;
    case "token":
      return "access_token";
    case "request":
      return `request.${symbol.part}`;
  }
}

/** Every name that a template reads, through functions too. */
export function symbolsIn({ parts }: Template): readonly ValueSymbol[] {
  return parts.flatMap((part) => {
    if (typeof part === "string") return [];
    return part.kind === "ref" ? [part.symbol] : part.args.flatMap(symbolsIn);
  });
}

export function originText(origin: UrlOrigin): string {
  switch (origin.kind) {
    case "literal":
      return origin.origin;
    case "host":
      return `${origin.scheme}://${templateText(origin.authority)}`;
    case "base":
      return templateText(origin.base);
  }
}

/** The values that a host or a whole base URL is made of. */
export function hostSymbols(origin: UrlOrigin): readonly ValueSymbol[] {
  if (origin.kind === "literal") return [];
  return symbolsIn(origin.kind === "host" ? origin.authority : origin.base);
}

/** A value in a message, shortened. */
export function shown(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return `\`${text.length > 60 ? `${text.slice(0, 59)}…` : text}\``;
}

/** Lists of the IR that are maps in a descriptor, or made of one: their order means nothing. */
const unordered: ReadonlySet<string> = new Set([
  "query",
  "headers",
  "cookies",
  "entries",
  "extract",
  "inputs",
]);

/** Lists of statuses, single or as ranges: which codes they hold counts, not how that is written. */
const statuses: ReadonlySet<string> = new Set(["success_status", "status", "on_status"]);

/**
 * The same data without what says nothing by itself: holes of templates as names alone, as their types and secrecy are
 * those of what they name; maps without the order of their keys; statuses without the way they are written in.
 */
export function contentOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(contentOf);
  if (typeof value !== "object" || value === null) return value;
  const isHole = "context" in value && ("symbol" in value || "function" in value);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !isHole || (key !== "type" && key !== "secret" && key !== "optional"))
      .map(([key, inner]) => {
        const content = contentOf(inner);
        if (!Array.isArray(content)) return [key, content];
        if (statuses.has(key)) return [key, sorted([...new Set(content.flatMap(codesOf))])];
        return [key, unordered.has(key) ? sorted(content) : content];
      }),
  );
}

/** The codes of a range; anything else as it is. */
function codesOf(item: unknown): readonly unknown[] {
  if (typeof item !== "object" || item === null || !("from" in item && "to" in item)) return [item];
  const { from, to } = item;
  if (typeof from !== "number" || typeof to !== "number" || to - from > 1000) return [item];
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function sorted(items: readonly unknown[]): readonly unknown[] {
  return items
    .map((item) => [canonical(item), item] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, item]) => item);
}
