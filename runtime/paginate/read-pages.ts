import type { JsonPath } from "../../schema/language/jsonpath.ts";
import { ConnectorError } from "../errors.ts";
import type { Overrides } from "../request/plan.ts";
import type { Values } from "../request/scope.ts";
import type { FetchedPage, Page } from "./page.ts";
import { type CursorOwner, cursorOf, parseCursor } from "./page-cursor.ts";
import { loop, truncated } from "./page-errors.ts";
import { type FirstRequest, requestFor, sizeOf } from "./page-request.ts";
import type { Fetched, Pager } from "./pager.ts";
import { type Fetching, PagesAhead } from "./pages-ahead.ts";
import { type Position, requestKey } from "./position.ts";
import { type CheckKeys, checkingKeys } from "./primary-keys.ts";
import type { Batch, Batches } from "./record-reader.ts";
import { listedOf, recordsOf } from "./records.ts";
import { Seen } from "./seen.ts";

/** What reading the pages of one operation takes. */
export interface PageReading extends FirstRequest {
  readonly pager: Pager;
  readonly owner: CursorOwner;
  readonly records: JsonPath;
  /** The lists from which `records` picks, where it has a filter; loaded, as `records` is. */
  readonly listed: JsonPath | undefined;
  readonly cursor: string | undefined;
  readonly maxPages: number;
  /** Pages that may be asked for before the consumer asks: after the first page, and after all others. */
  readonly ahead: { readonly first: number; readonly rest: number };
  /** A next URL without our own credentials in it. */
  readonly withoutCredentials: (url: string) => string;
  /** An error in context. */
  readonly describe: (thrown: unknown) => unknown;
  /** Makes the call for one page. */
  readonly fetch: (parameters: Values, overrides: Overrides) => Fetching<FetchedPage>;
}

/** A page, and what it says of the next. */
export interface ReadPage extends Batch<unknown> {
  readonly fetched: FetchedPage;
  readonly next: Position | undefined;
  /** Of the next page. */
  readonly cursor: (() => string) | undefined;
}

/**
 * Reads page after page, in their order; ends in an error with a cursor rather than in a short list. The next page is
 * asked for while the consumer works on this one, as far as `ahead` allows. One is read at a time: whoever calls
 * `next` waits for the answer before calling again.
 */
export class PageWalk implements Batches<unknown> {
  readonly #reading: PageReading;
  readonly #course: Course;
  readonly #ahead: PagesAhead<FetchedPage>;
  /** What is to be read next; undefined at the end, whichever way it came. */
  #position: Position | undefined;
  #cursor: () => string;
  #count = 0;

  constructor(reading: PageReading, position: Position) {
    this.#reading = reading;
    this.#course = new Course(reading);
    this.#ahead = new PagesAhead((at) => fetchAt(reading, at));
    this.#position = position;
    this.#cursor = cursorOf(reading.owner, position);
    this.#course.enter(position);
  }

  async next(): Promise<ReadPage | undefined> {
    const position = this.#position;
    if (position === undefined) return undefined;
    try {
      this.#count++;
      if (this.#course.goesRound) throw loop(this.#cursor());
      if (this.#count > this.#reading.maxPages) throw truncated(this.#reading.maxPages, this.#cursor());
      return this.#read(position, await this.#ahead.take(position));
    } catch (thrown) {
      this.stop();
      // Whoever catches this can go on from the page that failed.
      throw this.#reading.describe(
        ConnectorError.is(thrown) ? thrown.with({ cursor: this.#cursor() }) : thrown,
      );
    }
  }

  stop(): void {
    this.#position = undefined;
    this.#ahead.stop();
  }

  #read(position: Position, page: FetchedPage): ReadPage {
    const { ahead, maxPages, pager } = this.#reading;
    const course = this.#course;
    const { listing, next } = course.read(position, page);
    // Asked for first: what else there is to do with this page is done meanwhile.
    const wanted = Math.min(this.#count === 1 ? ahead.first : ahead.rest, maxPages - this.#count);
    this.#ahead.ask(course.goesRound ? [] : places(pager, next, listing, wanted));
    course.checkKeys(listing.records);
    const cursor = next && cursorOf(this.#reading.owner, next);
    this.#position = next;
    if (cursor) this.#cursor = cursor;
    return { records: listing.records, fetched: page, next, cursor };
  }
}

/** Where reading begins. Throws `invalid_parameters` for a cursor of something else. */
export async function walkPages(reading: PageReading): Promise<PageWalk> {
  const { cursor, owner, pager, parameters } = reading;
  const start =
    cursor === undefined ? pager.start(parameters) : await parseCursor(owner, cursor, pager.positions);
  return new PageWalk(reading, start);
}

/** The page as its consumer sees it; its cursor is written where somebody reads it. */
export function pageOf({ records, fetched, cursor }: ReadPage): Page {
  const { answer, data, warnings } = fetched;
  const { status, headers } = answer;
  return {
    records,
    data,
    get cursor() {
      return cursor?.();
    },
    status,
    headers,
    warnings,
  };
}

/** The next page and, where their places can be told, those after it. */
function places(
  pager: Pager,
  next: Position | undefined,
  listing: Fetched,
  count: number,
): readonly Position[] {
  if (!next || count < 1) return [];
  return count === 1 ? [next] : [next, ...(pager.guess?.(next, listing, count - 1) ?? [])];
}

function fetchAt(reading: PageReading, position: Position): Fetching<FetchedPage> {
  try {
    const request = requestFor(reading);
    reading.pager.apply(position, request);
    return reading.fetch(request.parameters, request);
  } catch (thrown) {
    // A cursor that cannot be sent fails its page, when that is asked for.
    return { page: Promise.reject(thrown), stop: () => {} };
  }
}

/** The way through the pages: where it has been, and which records it has met. */
class Course {
  /** The last position that was entered was entered before. */
  goesRound = false;
  readonly #reading: PageReading;
  readonly #entered: Seen = new Seen();
  /** Throws for a page with a record that came before. */
  readonly checkKeys: CheckKeys;
  readonly #size: number | undefined;

  constructor(reading: PageReading) {
    this.#reading = reading;
    this.checkKeys = checkingKeys(reading.pagination);
    this.#size = sizeOf(reading);
  }

  enter(position: Position): void {
    this.goesRound = !this.#entered.add(requestKey(position));
  }

  /** What a page lists and leads to. Its keys are checked apart from this. */
  read(
    position: Position,
    { answer, data, whence }: FetchedPage,
  ): { readonly listing: Fetched; readonly next: Position | undefined } {
    const { pager, pagination, records: path, listed } = this.#reading;
    const records = recordsOf(path, data, pagination.kind !== "none");
    const listing: Fetched = {
      records,
      listed: listed ? listedOf(listed, data) : records,
      data,
      answer,
      whence,
      size: this.#size,
    };
    const next = this.#withoutCredentials(pager.next(position, listing));
    // The first page has a URL as well: a next URL that leads back to it is a loop.
    if (position.kind === "start")
      this.enter({ kind: "url", value: this.#bare(whence.origin + whence.path) });
    if (next) this.enter(next);
    return { listing, next };
  }

  #withoutCredentials(position: Position | undefined): Position | undefined {
    return position?.kind === "url" ? { kind: "url", value: this.#bare(position.value) } : position;
  }

  #bare(url: string): string {
    return this.#reading.withoutCredentials(url);
  }
}
