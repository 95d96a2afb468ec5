import type { ConnectorError } from "../../runtime/index.ts";
import type { Handler } from "../../runtime/testing/index.ts";
import { json } from "../../runtime/testing/index.ts";
import { indent, type Line, type LineOptions, line, operation } from "./line.ts";

/** A line to one list, `op` at `/items`. */
export function pagedLine(
  pagination: string,
  handler: Handler,
  extra = "",
  options?: LineOptions,
): Promise<Line> {
  const yaml = operation(
    `endpoint: /items\nresponse: { records_path: $.items }\nretry: { max_attempts: 1 }\n${extra}\npagination:\n${indent(pagination, 2)}`,
  );
  return line(yaml, { "GET /items": handler }, options);
}

/** What was read up to the end or an error. */
export interface ReadToEnd {
  readonly records: readonly unknown[];
  readonly error: ConnectorError | undefined;
}

export async function readToEnd(reading: AsyncIterable<unknown>): Promise<ReadToEnd> {
  const records: unknown[] = [];
  try {
    for await (const record of reading) records.push(record);
  } catch (thrown) {
    // The readers throw nothing else.
    return { records, error: thrown as ConnectorError };
  }
  return { records, error: undefined };
}

/** What one page holds beside its records. */
export interface ServedPage {
  readonly items: unknown;
  readonly [key: string]: unknown;
}

/** How the places of pages are written in requests and answers. */
export type Kind = "cursor_path" | "cursor_header" | "next_url_path" | "link_header" | "offset" | "page";

export const kinds: readonly Kind[] = [
  "cursor_path",
  "cursor_header",
  "next_url_path",
  "link_header",
  "offset",
  "page",
];

/** The descriptor's words for a kind, of pages of two. */
export function wordsOf(kind: Kind, more = ""): string {
  const size = "limit_param: limit, page_size: 2";
  const own: Record<Kind, string> = {
    cursor_path: "type: cursor, cursor_path: $.next, cursor_param: at",
    cursor_header: "type: cursor, cursor_header: X-Next, cursor_param: at",
    next_url_path: "type: cursor, next_url_path: $.next",
    link_header: "type: link_header",
    offset: "type: offset, offset_param: at",
    page: "type: page, page_param: at",
  };
  return `{ ${own[kind]}, ${size}${more} }`;
}

/** Serves these pages in their order, whatever is on them; `at` says which, as the kind has it. */
export function serving(kind: Kind, pages: readonly ServedPage[]): Handler {
  return ({ query }) => {
    const index = indexOf(kind, pages, query.get("at"));
    const page = pages[index] ?? { items: [] };
    const next = index + 1 < pages.length ? index + 1 : undefined;
    if (kind === "offset" || kind === "page") return json(page);
    if (kind === "cursor_path") return json({ next: next === undefined ? null : `p${next}`, ...page });
    if (kind === "next_url_path")
      return json({ next: next === undefined ? null : `/items?at=p${next}`, ...page });
    const headers: Record<string, string> =
      next === undefined
        ? {}
        : kind === "link_header"
          ? { link: `</items?at=p${next}>; rel="next"` }
          : { "x-next": `p${next}` };
    return { json: page, headers };
  };
}

function indexOf(kind: Kind, pages: readonly ServedPage[], at: string | null): number {
  if (at === null) return 0;
  if (kind === "page") return Number(at) - 1;
  if (kind !== "offset") return Number(at.slice(1));
  let seen = 0;
  for (const [index, { items }] of pages.entries()) {
    if (seen >= Number(at) && lengthOf(items) > 0) return index;
    if (seen === Number(at)) return index;
    seen += lengthOf(items);
  }
  return pages.length;
}

function lengthOf(items: unknown): number {
  return Array.isArray(items) ? items.length : 0;
}
