/** Lists that lost the line with their key, and so go on as the text above them. */
import type { Finding, Report } from "../diagnostics.ts";
import type { Entry, MapNode, Pointer } from "../read/tree.ts";
import { resolve, type Shape } from "./shape.ts";

/** Texts for people may hold a dash at the beginning of a line. */
const words: ReadonlySet<string> = new Set([
  "name",
  "summary",
  "description",
  "label",
  "note",
  "message",
  "publisher",
  "deprecated_message",
  "server_description",
  "mcp_tool_description",
  "default_value",
  "example",
]);

/** The keys of texts that hold entries, and of the lists that their map lacks: one of these is what was meant. */
export interface Swallowed {
  readonly texts: readonly string[];
  readonly lists: readonly string[];
  /** Keys that the map must have, and that stand in a text of it. */
  readonly keys: readonly string[];
}

/** Reports each text that has taken in the entries of a list: `timeout_ms: 10` with `- *page` deeper below it. */
export function tellSwallowed(
  { entries }: MapNode,
  shape: Shape,
  path: Pointer,
  report: Report,
  text: string,
): Swallowed {
  const found = entries.filter((one) => !words.has(one.key) && hasSwallowed(one));
  for (const { key, keySpan, value } of found)
    report({
      rule: "structure/wrong-type",
      path: [...path, key],
      span: value.span,
      message: `The entries of a list below it have become a part of the text of \`${key}\`.`,
      label: "goes on over the lines below",
      help: "Put the key of the list above its first entry; if the text is meant, put all of it in quotes.",
      related: [{ path: [...path, key], span: keySpan, message: "the text belongs to this key" }],
    });
  const keys = entries.flatMap((one) => {
    const swallowed = swallowedKey(one, entries, shape);
    if (swallowed === undefined) return [];
    report(keyFinding(swallowed, one, shape, path, text));
    return shape.required?.includes(swallowed) ? [swallowed] : [];
  });
  if (found.length === 0 && keys.length === 0) return none;
  return {
    texts: found.map(({ key }) => key),
    lists: found.length === 0 ? [] : absentLists(entries, shape),
    keys,
  };
}

/** A key that stands as deep as the block text above it, and so is a part of that: `method: GET` below `summary: |`. */
function swallowedKey(
  { value }: Entry,
  entries: MapNode["entries"],
  { properties = {}, required = [] }: Shape,
): string | undefined {
  if (value.kind !== "scalar" || value.style !== "block" || typeof value.value !== "string") return undefined;
  const names = (form: RegExp, of: string): string[] => [...of.matchAll(form)].map(([, name = ""]) => name);
  const atLines = new Set(names(/^([a-z][a-z0-9_]*):(?= |$)/gm, value.value));
  // A folded text has its lines one behind the other.
  return names(/(?:^|[\n ])([a-z][a-z0-9_]*):(?= |\n|$)/g, value.value).find(
    (name) =>
      properties[name] !== undefined &&
      !entries.some(({ key }) => key === name) &&
      (required.includes(name) || name.includes("_") || (atLines.has(name) && !prose.has(name))),
  );
}

/** An error where the map must have the key. */
function keyFinding(
  name: string,
  { key, keySpan, value }: Entry,
  { required = [] }: Shape,
  path: Pointer,
  text: string,
): Finding {
  const written = new RegExp(`[\\n\\r] *(${name}):`, "d").exec(text.slice(value.start, value.end))
    ?.indices?.[1];
  return {
    rule: required.includes(name) ? "structure/wrong-type" : "yaml/swallowed-entry",
    path: [...path, key],
    span: written ? { start: value.start + written[0], end: value.start + written[1] } : keySpan,
    message: `\`${name}\` is indented like the text of \`${key}\` above it, and so is a part of that text.`,
    label: "a part of the text",
    help: `Give it the indentation of \`${key}\`.`,
    ...(written
      ? { related: [{ path: [...path, key], span: keySpan, message: "the text belongs to this key" }] }
      : {}),
  };
}

/** Keys that are words of prose as well: a list of what an answer holds may begin its lines with them. */
const prose: ReadonlySet<string> = new Set(
  "name type label note example examples limit scope scopes format message value status code key url path header headers query body cost tags style secret required response errors method source version publisher".split(
    " ",
  ),
);

const none: Swallowed = { texts: [], lists: [], keys: [] };

/** A folded text without quotes is longer in the source than as a value; a dash among blanks begins an entry. */
function hasSwallowed({ value }: Entry): boolean {
  if (value.kind !== "scalar" || value.style !== "plain" || typeof value.value !== "string") return false;
  return value.end - value.start > value.value.length && / - \S/.test(value.value);
}

function absentLists(entries: MapNode["entries"], { properties = {} }: Shape): readonly string[] {
  const present = new Set(entries.map(({ key }) => key));
  return Object.entries(properties).flatMap(([key, shape]) =>
    !present.has(key) && resolve(shape).items ? [key] : [],
  );
}
