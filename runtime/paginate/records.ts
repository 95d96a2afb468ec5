import { isSingular, type JsonPath, parsePlainPath } from "../../schema/language/jsonpath.ts";
import { ConnectorError } from "../errors.ts";
import { select } from "../response/jsonpath.ts";

/**
 * The records of a page. A path to one place names the list, or the one record, that is there; a path to many
 * names the records themselves. In a list with pages, text or a number where records should be is `response_invalid`.
 */
export function recordsOf(path: JsonPath, data: unknown, paged: boolean): readonly unknown[] {
  const found = select(path, data);
  if (!isSingular(path)) return found;
  const [value] = found;
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  // An empty element of XML is an empty text.
  if (paged && value === "") return [];
  if (paged && typeof value !== "object") throw noList(path, value);
  return [value];
}

function noList(path: JsonPath, value: unknown): ConnectorError {
  return new ConnectorError({
    code: "response_invalid",
    phase: "pagination",
    message: `\`records_path\` (${path.text}) leads to a ${typeof value} and not to a list of records. Check it against the API; where the server reports a failure like this, name it under \`errors\`.`,
    details: { path: path.text },
  });
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
