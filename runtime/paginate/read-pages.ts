import type { Pagination } from "../../schema/ir.ts";
import type { JsonPath } from "../../schema/language/jsonpath.ts";
import type { Exchanged } from "../call.ts";
import type { Warning } from "../connection.ts";
import { ConnectorError } from "../errors.ts";
import type { ResponseHeaders } from "../ports.ts";
import type { Overrides } from "../request/plan.ts";
import type { Whence } from "../request/redirect.ts";
import type { Values } from "../request/scope.ts";
import { select } from "../response/jsonpath.ts";
import { createPager } from "./kinds.ts";
import { type Fetched, fillSlot, givenNumber, type PageRequest, type Pager } from "./pager.ts";
import { formatCursor, type Position, parseCursor } from "./position.ts";
import { listedOf, recordsOf } from "./records.ts";
import { Seen } from "./seen.ts";

/** One page: its records, the whole body, and the cursor of the next page where there is one. */
export interface Page<T = unknown> {
  readonly records: readonly T[];
  readonly data: unknown;
  readonly cursor: string | undefined;
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly warnings: readonly Warning[];
}

/** What the first request of an operation is made of. */
export interface FirstRequest {
  readonly pagination: Pagination;
  /** The caller's parameters, checked and with defaults. */
  readonly parameters: Values;
  /** Names of parameters that the caller gave, as against defaults. */
  readonly given: ReadonlySet<string>;
}

/** What reading the pages of one operation takes. */
export interface PageReading extends FirstRequest {
  readonly operation: string;
  readonly records: JsonPath;
  /** The lists from which `records` picks, where it has a filter; loaded, as `records` is. */
  readonly listed: JsonPath | undefined;
  readonly cursor: string | undefined;
  readonly maxPages: number | undefined;
  /** A next URL without our own credentials in it: a cursor holds none. */
  readonly withoutCredentials: (url: string) => string;
  /** Makes the call for one page. */
  readonly fetch: (parameters: Values, overrides: Overrides) => Promise<FetchedPage>;
}

/** An exchange with what its owner should know about the answer. */
export interface FetchedPage extends Exchanged {
  readonly warnings: readonly Warning[];
}

/** Reads page after page, one at a time; ends in an error with a cursor rather than in a short list. */
export async function* readPages(reading: PageReading): AsyncGenerator<Page, void, void> {
  const { operation, pagination } = reading;
  const pager = createPager(pagination);
  const positions = new Seen();
  const keys = new Seen();
  const most = mostPages(reading);
  let position: Position | undefined =
    reading.cursor === undefined
      ? pager.start(reading.parameters)
      : parseCursor(operation, reading.cursor, pager.positions);
  for (let count = 1; position !== undefined; count++) {
    const cursor = formatCursor(operation, position);
    if (!positions.add(cursor)) throw loop(cursor);
    if (count > most) throw truncated(most, cursor);
    let page: Page;
    try {
      const request = requestFor(reading);
      pager.apply(position, request);
      const { answer, data, whence, warnings } = await reading.fetch(request.parameters, request);
      const records = recordsOf(reading.records, data);
      const fetched: Fetched = {
        records,
        listed: reading.listed ? listedOf(reading.listed, data) : records,
        data,
        answer,
        whence,
        size: sizeOf(reading),
      };
      checkKeys(pagination, fetched, keys);
      // The first page has a URL as well: a next URL that leads back to it is a loop.
      if (position.kind === "start")
        positions.add(formatCursor(operation, withoutCredentials(urlOf(whence), reading)));
      position = nextPosition(pager, position, fetched, reading);
      page = {
        records,
        data,
        cursor: position && formatCursor(operation, position),
        status: answer.status,
        headers: answer.headers,
        warnings,
      };
    } catch (thrown) {
      // Whoever catches this can go on from the page that failed.
      throw ConnectorError.is(thrown) ? thrown.with({ cursor }) : thrown;
    }
    yield page;
  }
}

function nextPosition(
  pager: Pager,
  position: Position,
  page: Fetched,
  reading: PageReading,
): Position | undefined {
  const next = pager.next(position, page);
  return next && withoutCredentials(next, reading);
}

function withoutCredentials(position: Position, reading: PageReading): Position {
  return position.kind === "url"
    ? { kind: "url", value: reading.withoutCredentials(position.value) }
    : position;
}

function urlOf({ origin, path }: Whence): Position {
  return { kind: "url", value: origin + path };
}

/** The request of a call that reads one page: the one with which reading all of them begins. */
export function firstRequest(first: FirstRequest): PageRequest {
  const request = requestFor(first);
  const pager = createPager(first.pagination);
  pager.apply(pager.start(first.parameters), request);
  // A single call is the caller's own: what it gives stands as it is.
  for (const name of first.given)
    if (first.parameters.has(name)) request.parameters.set(name, first.parameters.get(name));
  return request;
}

function requestFor({ pagination, parameters, given }: FirstRequest): PageRequest {
  const request: PageRequest = { parameters: new Map(parameters), query: [], headers: [], body: [] };
  if (pagination.kind === "none" || !pagination.limit || pagination.page_size === undefined) return request;
  // A size that the caller gives wins over the descriptor's.
  const { limit } = pagination;
  if (limit.kind !== "parameter" || !given.has(limit.name)) fillSlot(limit, pagination.page_size, request);
  return request;
}

function sizeOf({ pagination, parameters, given }: PageReading): number | undefined {
  if (pagination.kind === "none") return undefined;
  const { limit, page_size } = pagination;
  if (limit?.kind === "parameter" && (given.has(limit.name) || page_size === undefined))
    return givenNumber(limit, parameters);
  return page_size;
}

function mostPages({ pagination, maxPages }: PageReading): number {
  if (maxPages !== undefined && (!Number.isInteger(maxPages) || maxPages < 1)) {
    throw new ConnectorError({
      code: "invalid_parameters",
      phase: "parameters",
      message: "`maxPages` must be a whole number of at least 1.",
    });
  }
  return maxPages ?? (pagination.kind === "none" ? 1 : pagination.max_pages);
}

/** A record that came before is a sign that pages shifted while they were read: some other may have been missed. */
function checkKeys(pagination: Pagination, page: Fetched, seen: Seen): void {
  if (pagination.kind === "none" || pagination.primary_key.length === 0) return;
  for (const record of page.records) {
    const key = pagination.primary_key.map((path) => select(path, record)[0]);
    if (key.every((part) => part === undefined || part === null)) continue;
    if (!seen.add(JSON.stringify(key))) {
      throw new ConnectorError({
        code: "pagination_inconsistent",
        phase: "pagination",
        retryable: true,
        message:
          "a record came twice, by its primary key: the pages changed while they were read, so others may be missing. Read again from `cursor`, or sort by something stable.",
        details: { primary_key: pagination.primary_key.map((path) => path.text) },
      });
    }
  }
}

function loop(cursor: string): ConnectorError {
  return new ConnectorError({
    code: "pagination_loop",
    phase: "pagination",
    message:
      "the server named a page that was read before. Check `pagination` in the descriptor against the API.",
    cursor,
  });
}

function truncated(pages: number, cursor: string): ConnectorError {
  return new ConnectorError({
    code: "truncated",
    phase: "pagination",
    message: `there ${pages === 1 ? "is more than 1 page" : `are more than ${pages} pages`}. Go on from \`cursor\`, or raise \`maxPages\` (\`max_pages\` in the descriptor).`,
    details: { pages },
    cursor,
  });
}
