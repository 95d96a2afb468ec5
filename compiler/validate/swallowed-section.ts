/** Lists that lost the line with their key, and so go on as the text above them. */
import type { Report } from "../diagnostics.ts";
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
}

/** Reports each text that has taken in the entries of a list: `timeout_ms: 10` with `- *page` deeper below it. */
export function tellSwallowed({ entries }: MapNode, shape: Shape, path: Pointer, report: Report): Swallowed {
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
  return found.length === 0
    ? none
    : { texts: found.map(({ key }) => key), lists: absentLists(entries, shape) };
}

const none: Swallowed = { texts: [], lists: [] };

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
