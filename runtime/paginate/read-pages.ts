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
  /** Makes the call for one page. */
  readonly fetch: (parameters: Values, overrides: Overrides) => Fetching<FetchedPage>;
}

/**
 * Reads page after page, in their order; ends in an error with a cursor rather than in a short list. The next page is
 * asked for while the consumer works on this one, as far as `ahead` allows.
 */
export async function* readPages(reading: PageReading): AsyncGenerator<Page, void, void> {
  const { owner, pager, maxPages } = reading;
  const course = new Course(reading);
  const ahead = new PagesAhead((position) => fetchAt(reading, position));
  let position: Position | undefined =
    reading.cursor === undefined
      ? pager.start(reading.parameters)
      : await parseCursor(owner, reading.cursor, pager.positions);
  course.enter(position);
  try {
    let cursor = cursorOf(owner, position);
    for (let count = 1; position !== undefined; count++) {
      if (course.goesRound) throw loop(cursor());
      if (count > maxPages) throw truncated(maxPages, cursor());
      let read: ReadPage;
      try {
        read = course.read(position, await ahead.take(position));
      } catch (thrown) {
        // Whoever catches this can go on from the page that failed.
        throw ConnectorError.is(thrown) ? thrown.with({ cursor: cursor() }) : thrown;
      }
      position = read.next;
      cursor = read.cursor ?? cursor;
      const wanted = count === 1 ? reading.ahead.first : reading.ahead.rest;
      ahead.ask(course.goesRound ? [] : places(pager, read, Math.min(wanted, maxPages - count)));
      yield read.page;
    }
  } finally {
    ahead.stop();
  }
}

/** A page, and what it says of the next. */
interface ReadPage {
  readonly page: Page;
  readonly fetched: Fetched;
  readonly next: Position | undefined;
  readonly cursor: (() => string) | undefined;
}

/** The next page and, where their places can be told, those after it. */
function places(pager: Pager, { next, fetched }: ReadPage, count: number): readonly Position[] {
  if (!next || count < 1) return [];
  return count === 1 ? [next] : [next, ...(pager.guess?.(next, fetched, count - 1) ?? [])];
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
  readonly #checkKeys: CheckKeys;
  readonly #size: number | undefined;

  constructor(reading: PageReading) {
    this.#reading = reading;
    this.#checkKeys = checkingKeys(reading.pagination);
    this.#size = sizeOf(reading);
  }

  enter(position: Position): void {
    this.goesRound = !this.#entered.add(requestKey(position));
  }

  read(position: Position, { answer, data, whence, warnings }: FetchedPage): ReadPage {
    const { owner, pager, records: path, listed } = this.#reading;
    const records = recordsOf(path, data, this.#reading.pagination.kind !== "none");
    const fetched: Fetched = {
      records,
      listed: listed ? listedOf(listed, data) : records,
      data,
      answer,
      whence,
      size: this.#size,
    };
    const next = this.#withoutCredentials(pager.next(position, fetched));
    this.#checkKeys(records);
    // The first page has a URL as well: a next URL that leads back to it is a loop.
    if (position.kind === "start")
      this.enter({ kind: "url", value: this.#bare(whence.origin + whence.path) });
    if (next) this.enter(next);
    const cursor = next && cursorOf(owner, next);
    const { status, headers } = answer;
    const page: Page = {
      records,
      data,
      get cursor() {
        return cursor?.();
      },
      status,
      headers,
      warnings,
    };
    return { page, fetched, next, cursor };
  }

  #withoutCredentials(position: Position | undefined): Position | undefined {
    return position?.kind === "url" ? { kind: "url", value: this.#bare(position.value) } : position;
  }

  #bare(url: string): string {
    return this.#reading.withoutCredentials(url);
  }
}
