/** What an operation sends. Callers do not see it; the API does, and so may whoever reads logs on the way. */
import type { Body, BodyNode, Entry, Operation, Template } from "../../../schema/ir.ts";
import { list } from "../../../schema/language/spelling.ts";
import { difference } from "../canonical.ts";
import { type DiffRules, type Report, Spot } from "../change.ts";
import { holeText, originText, symbolsIn, templateText } from "../words.ts";

export const requestRules: DiffRules = {
  "diff/request-origin-changed": {
    level: "major",
    security: true,
    summary: "Requests go to another origin, and credentials with them.",
  },
  "diff/request-method-changed": {
    level: "major",
    summary: "An operation has another HTTP method, and so another meaning.",
  },
  "diff/request-path-changed": {
    level: "minor",
    summary: "An operation calls another path of the same origin. Callers call it as before.",
  },
  "diff/request-entry-changed": {
    level: "minor",
    summary: "A header or query entry that the descriptor sends by itself came, went or changed.",
  },
  "diff/request-body-changed": {
    level: "minor",
    summary: "The body is built otherwise. Callers give what they gave.",
  },
  "diff/request-body-type-changed": {
    level: "minor",
    summary: "The body is sent in another form, such as JSON instead of a form.",
  },
  "diff/request-secret-added": {
    level: "major",
    security: true,
    summary: "A credential is sent in a part of the request that did not hold it, such as the URL.",
  },
};

export function compareRequest(old: Operation, now: Operation, spot: Spot, report: Report): void {
  const [a, b] = [old.exchange, now.exchange];
  // A relative endpoint hangs on the base: the place that differs is told.
  const endpoint = spot.at("endpoint").or(base);
  const [from, to] = [originText(a.url.origin), originText(b.url.origin)];
  if (from !== to)
    report(
      "diff/request-origin-changed",
      endpoint,
      `Requests go to ${quoted(to)} instead of ${quoted(from)}.`,
    );
  if (a.method !== b.method)
    report(
      "diff/request-method-changed",
      spot.at("method"),
      `The method changed from ${a.method} to ${b.method}.`,
    );
  const path = pathStep(templateText(a.url.path), templateText(b.url.path));
  if (path) report("diff/request-path-changed", endpoint, path);
  compareEntries("query", a.query, b.query, spot, report);
  compareEntries("headers", a.headers, b.headers, spot, report);
  compareStyles(old, now, spot, report);
  compareBodies(a.body, b.body, { old, new: now }, spot, report);
  compareSecrets(old, now, spot, report);
}

const base = new Spot(["base_url"], ["base_url"]);

/** What changed of a path, without the end that both have: `/v1` to `/v2`, whatever comes behind. */
function pathStep(old: string, now: string): string | undefined {
  if (old === now) return undefined;
  const [before, after] = [old.split("/"), now.split("/")];
  while (before.length > 1 && after.length > 1 && before.at(-1) === after.at(-1)) {
    before.pop();
    after.pop();
  }
  return `The path changed from ${quoted(before.join("/") || "/")} to ${quoted(after.join("/") || "/")}.`;
}

function compareEntries(
  section: "query" | "headers",
  old: readonly Entry[],
  now: readonly Entry[],
  spot: Spot,
  report: Report,
): void {
  const [before, after] = [templates(old, section), templates(now, section)];
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(name), after.get(name)];
    if (was?.text === is?.text) continue;
    const noun = section === "query" ? "query entry" : "header";
    const shownName = was?.name ?? is?.name ?? name;
    const at = spot
      .at(section)
      .at(was?.name ?? shownName, is?.name ?? shownName)
      .or(...placesBeside(spot, section, shownName));
    report(
      "diff/request-entry-changed",
      at,
      was === undefined
        ? `The ${noun} \`${shownName}\` is sent now.`
        : is === undefined
          ? `The ${noun} \`${shownName}\` is not sent any more.`
          : `The ${noun} \`${shownName}\` changed from ${quoted(was.text)} to ${quoted(is.text)}.`,
    );
  }
}

/** Where an entry may come from besides the operation: the defaults, or the URL itself. */
function placesBeside(spot: Spot, section: "query" | "headers", name: string): readonly Spot[] {
  const path = ["defaults", section, name];
  const defaults = new Spot(path, path);
  return section === "query" ? [defaults, spot.at("endpoint"), base] : [defaults];
}

/** Entries with a template of their own; several of one name, as a query may have, count together. */
function templates(
  entries: readonly Entry[],
  section: "query" | "headers",
): ReadonlyMap<string, { readonly name: string; readonly text: string }> {
  const found = new Map<string, { name: string; text: string }>();
  for (const entry of entries) {
    if (entry.kind !== "template") continue;
    const key = section === "headers" ? entry.name.toLowerCase() : entry.name;
    const text = entry.bare ? "(no value)" : templateText(entry.value);
    const other = found.get(key);
    found.set(key, { name: entry.name, text: other ? `${other.text}, ${text}` : text });
  }
  return found;
}

function compareStyles(old: Operation, now: Operation, spot: Spot, report: Report): void {
  const before = styles(old);
  for (const [name, style] of styles(now)) {
    const was = before.get(name);
    const [from, to] = [old, now].map(({ parameters }) => parameters.findIndex((one) => one.name === name));
    // Another location has another style of its own; that is told with the location.
    if (!was || was.location !== style.location || was.text === style.text) continue;
    const at = spot.at("parameters").at(from ?? 0, to ?? 0);
    report(
      "diff/parameter-style-changed",
      at.at("style").or(at.at("explode")),
      `The parameter \`${name}\` is written in the style ${style.text} instead of ${was.text}.`,
    );
  }
}

function styles(
  operation: Operation,
): ReadonlyMap<string, { readonly location: string; readonly text: string }> {
  const { query, headers, cookies, body } = operation.exchange;
  return new Map([
    ...pathStyles(operation),
    ...(body?.content_type === "form" ? formStyles(operation, body) : []),
    ...[...query, ...headers, ...cookies].flatMap((entry) => {
      const parameter =
        entry.kind === "parameter" && operation.parameters.find(({ name }) => name === entry.parameter);
      if (entry.kind !== "parameter" || !parameter) return [];
      const text = `\`${entry.style}\`${entry.explode ? " (exploded)" : ""}`;
      return [[parameter.name, { location: parameter.location, text }] as const];
    }),
  ]);
}

function pathStyles({
  exchange,
  parameters,
}: Operation): (readonly [name: string, style: { readonly location: string; readonly text: string }])[] {
  return exchange.url.path.parts.flatMap((part) => {
    if (typeof part === "string" || part.kind !== "ref" || part.symbol.kind !== "parameter") return [];
    const { name } = part.symbol;
    const { style, explode } = part.style ?? { style: "simple", explode: false };
    const location = parameters.find((one) => one.name === name)?.location ?? "path";
    return [[name, { location, text: `\`${style}\`${explode ? " (exploded)" : ""}` }] as const];
  });
}

/** How the lists of a form's parameters are written: in brackets, or by repeating the field. */
function formStyles(
  { parameters }: Operation,
  { root, deep = [] }: Extract<Body, { content_type: "form" }>,
): (readonly [name: string, style: { readonly location: string; readonly text: string }])[] {
  const fields = root.kind === "object" ? root.entries : [];
  return fields.flatMap(({ key, value }) => {
    const held = new Set(leaves(value).values());
    const text = deep.includes(key) ? "`deepObject`" : "`form`";
    return parameters
      .filter(({ name }) => held.has(`{${name}}`))
      .map(({ name, location }) => [name, { location, text }] as const);
  });
}

function compareBodies(
  old: Body | undefined,
  now: Body | undefined,
  operations: { readonly old: Operation; readonly new: Operation },
  spot: Spot,
  report: Report,
): void {
  if (old && now && (old.content_type !== now.content_type || old.media_type !== now.media_type))
    report(
      "diff/request-body-type-changed",
      spot.at("content_type").or(spot.at("headers")),
      `The body is sent as ${old.media_type === now.media_type ? now.content_type : now.media_type} instead of ${old.media_type === now.media_type ? old.content_type : old.media_type}.`,
    );
  const [before, after] = [leaves(old?.root), leaves(now?.root)];
  const own = (operation: Operation): ReadonlySet<string> =>
    new Set(operation.parameters.map(({ name }) => `{${name}}`));
  const [gone, come] = [own(operations.old), own(operations.new)];
  const changed: string[] = [];
  for (const place of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(place), after.get(place)];
    if (was === is) continue;
    // Where a parameter comes or goes, or has another name, its place does too.
    const lost = was !== undefined && gone.has(was) && !come.has(was);
    const won = is !== undefined && come.has(is) && !gone.has(is);
    if ((lost && (is === undefined || won)) || (won && was === undefined)) continue;
    if (movedParameter(was ?? is, operations)) continue;
    changed.push(place === "" ? "the whole" : place);
  }
  if (changed.length > 0)
    report(
      "diff/request-body-changed",
      spot.at("body").or(spot.at("parameters")),
      `The body changed at ${list(changed)}.`,
      "key",
    );
}

/** True for a parameter alone whose location changed: that says why it is in the body, or is not. */
function movedParameter(
  text: string | undefined,
  operations: { readonly old: Operation; readonly new: Operation },
): boolean {
  const find = (of: Operation): string | undefined =>
    of.parameters.find(({ name }) => `{${name}}` === text)?.location;
  const [was, is] = [find(operations.old), find(operations.new)];
  return was !== undefined && is !== undefined && was !== is;
}

/** The ends of a body's tree by their paths, as templates an author would write. */
function leaves(root: BodyNode | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const walk = (node: BodyNode, way: string): void => {
    switch (node.kind) {
      case "literal":
        found.set(way, JSON.stringify(node.value));
        break;
      case "template":
        found.set(way, templateText(node.template));
        break;
      case "value":
        found.set(way, `{${holeText(node.hole)}}`);
        break;
      case "object":
        if (node.entries.length === 0) found.set(way, "an empty object");
        for (const { key, value } of node.entries) walk(value, way === "" ? key : `${way}.${key}`);
        break;
      case "list":
        if (node.items.length === 0) found.set(way, "an empty list");
        for (const [index, item] of node.items.entries()) walk(item, `${way}[${index}]`);
        break;
    }
  };
  if (root) walk(root, "");
  return found;
}

/** Credentials by the part of the request that holds them: what a URL holds, logs hold too. */
function compareSecrets(old: Operation, now: Operation, spot: Spot, report: Report): void {
  const [before, after] = [secrets(old), secrets(now)];
  for (const part of ["endpoint", "query", "headers", "body"] as const) {
    const { added } = difference(before[part], after[part]);
    if (added.length > 0)
      report(
        "diff/request-secret-added",
        spot.at(part).or(spot.at("endpoint"), base),
        `The ${part === "endpoint" ? "URL" : part} of requests ${part === "headers" ? "hold" : "holds"} ${list(added)} now, which is a credential.`,
      );
  }
}

type Parts = { readonly [part in "endpoint" | "query" | "headers" | "body"]: readonly string[] };

function secrets({ exchange }: Operation): Parts {
  const { origin, path } = exchange.url;
  const host = origin.kind === "host" ? [origin.authority] : origin.kind === "base" ? [origin.base] : [];
  return {
    endpoint: secretNames([...host, path]),
    query: secretNames(entryTemplates(exchange.query)),
    headers: secretNames(entryTemplates(exchange.headers)),
    body: secretNames(exchange.body ? bodyTemplates(exchange.body.root) : []),
  };
}

function entryTemplates(entries: readonly Entry[]): readonly Template[] {
  return entries.flatMap((entry) => (entry.kind === "template" ? [entry.value] : []));
}

function bodyTemplates(node: BodyNode): readonly Template[] {
  switch (node.kind) {
    case "literal":
      return [];
    case "template":
      return [node.template];
    case "value":
      return [{ parts: [node.hole] }];
    case "object":
      return node.entries.flatMap(({ value }) => bodyTemplates(value));
    case "list":
      return node.items.flatMap(bodyTemplates);
  }
}

function secretNames(templates: readonly Template[]): readonly string[] {
  const names = templates.flatMap(symbolsIn).flatMap((symbol) => {
    if (symbol.kind === "credential") return [symbol.key];
    if (symbol.kind === "extract") return [symbol.name];
    return symbol.kind === "oauth" || symbol.kind === "token" ? ["access_token"] : [];
  });
  return [...new Set(names)];
}

function quoted(text: string): string {
  return `\`${text}\``;
}
