import { isSingular, type JsonPath, parsePlainPath } from "../../schema/language/jsonpath.ts";
import { select } from "../response/jsonpath.ts";

/**
 * The records of a page. A path to one place names the list, or the one record, that is there; a path to many
 * names the records themselves.
 */
export function recordsOf(path: JsonPath, data: unknown): readonly unknown[] {
  const found = select(path, data);
  if (!isSingular(path)) return found;
  const [value] = found;
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** The path up to its first filter: to the lists from which it picks. Undefined where it picks from nothing known. */
export function unfilteredPath(path: JsonPath): JsonPath | undefined {
  if (path.kind === "plain") return undefined;
  const end = firstFilter(path.text);
  // `$..[?…]` picks from every depth.
  const text = end < 0 ? "" : path.text.slice(0, end).trimEnd();
  if (text === "" || text.endsWith(".")) return undefined;
  const steps = parsePlainPath(text);
  return steps ? { kind: "plain", text, steps } : { kind: path.kind, text };
}

/** What the lists at an unfiltered path hold, before any filter: by this the server counts and pages. */
export function listedOf(path: JsonPath, data: unknown): readonly unknown[] {
  return select(path, data).flatMap((list) =>
    typeof list === "object" && list !== null ? Object.values(list) : [],
  );
}

/** Where the first filter segment of a valid JSONPath begins; -1 where it has none. */
function firstFilter(text: string): number {
  let depth = 0;
  for (let at = 1; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === "'" || char === '"') at = endOfQuote(text, at);
    else if (char === "]") depth--;
    else if (char === "[") {
      if (depth === 0 && /^\s*\?/.test(text.slice(at + 1))) return at;
      depth++;
    }
  }
  return -1;
}

function endOfQuote(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== text[start]) at += text[at] === "\\" ? 2 : 1;
  return at;
}
