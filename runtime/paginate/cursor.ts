import type { CursorSource, Pagination } from "../../schema/ir.ts";
import { ConnectorError } from "../errors.ts";
import { resolveUrl } from "../request/resolve-url.ts";
import { select } from "../response/jsonpath.ts";
import { isShort, isStopped } from "./ends.ts";
import { type Fetched, fillSlot, type Pager } from "./pager.ts";
import type { Position } from "./position.ts";

/** Paging by a cursor that each page gives for the next: ends on an absent, null or empty one. */
export function cursorPager(rules: Extract<Pagination, { kind: "cursor" }>): Pager {
  return {
    positions: ["start", rules.source.kind === "next_url" ? "url" : "cursor"],
    start: () => ({ kind: "start" }),
    apply: (position, request) => {
      if (position.kind === "url") request.url = splitUrl(position.value);
      else if (position.kind === "cursor" && rules.slot) fillSlot(rules.slot, position.value, request);
    },
    next: (_, page) => {
      if (isStopped(rules, page) || (rules.stop_on_short_page && isShort(page))) return undefined;
      const cursor = readCursor(rules.source, page);
      if (cursor === undefined) return undefined;
      return rules.source.kind === "next_url" ? urlPosition(cursor, page) : { kind: "cursor", value: cursor };
    },
  };
}

/** A URL that a page names, as the position of the next. */
export function urlPosition(reference: string | number, page: Fetched): Position {
  const url = typeof reference === "string" ? resolveUrl(reference, page.whence) : undefined;
  if (!url) {
    throw new ConnectorError({
      code: "response_invalid",
      phase: "pagination",
      message: "the server named a next page that is no URL. Check `next_url_path` in the descriptor.",
    });
  }
  return { kind: "url", value: url.origin + url.target };
}

/** The parts of a position's URL; where it may lead is judged with the request. */
export function splitUrl(value: string): { readonly origin: string; readonly target: string } {
  const url = resolveUrl(value, { origin: "https://invalid", path: "/" });
  return url ?? { origin: "https://invalid", target: "/" };
}

function readCursor(source: CursorSource, page: Fetched): string | number | undefined {
  const value = rawCursor(source, page);
  if (typeof value === "number" || (typeof value === "string" && value !== "")) return value;
  if (value === undefined || value === null || value === "" || value === false) return undefined;
  throw new ConnectorError({
    code: "response_invalid",
    phase: "pagination",
    message:
      "the cursor in the answer is neither text nor a number. Check where the descriptor's `pagination` looks for it.",
  });
}

function rawCursor(source: CursorSource, page: Fetched): unknown {
  switch (source.kind) {
    case "path":
    case "next_url":
      return select(source.path, page.data)[0];
    case "header":
      return page.answer.headers.get(source.header.toLowerCase());
    case "record":
      return page.listed.length === 0 ? undefined : select(source.path, page.listed.at(-1))[0];
  }
}
