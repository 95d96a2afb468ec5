/** Reads page after page, each a call of its own; ends in an error with a cursor rather than in a short list. */
import type { PathStep } from "../../schema/language/jsonpath.ts";
import type { OperationPlan, PagePlan, SlotPlan } from "../../schema/standalone-plan.ts";
import { encoders } from "../request/encode.ts";
import { select, valueAt } from "./answer.ts";
import type { Exchanged } from "./call.ts";
import { amended, ConnectorError, failure, unfit } from "./errors.ts";
import { type CursorOwner, cursorOf, positionOf } from "./page-cursor.ts";
import { moreToCome, type Position, pagers, sizeOf, textOf } from "./pagers.ts";
import { planHas } from "./plan-has.ts";
import type { Additions } from "./request.ts";
import { naming } from "./template.ts";
import type { Page, PageOptions, Warning } from "./types.ts";

type Values = ReadonlyMap<string, unknown>;

/** What a reading of pages is made of. */
export interface Reading extends CursorOwner {
  readonly options: PageOptions;
  /** A next URL without our own credentials in it. */
  withoutCredentials(url: string): string;
  /** Makes the call of one page. */
  fetch(additions: Additions): Promise<PageAnswer>;
}

export interface PageAnswer extends Exchanged {
  readonly warnings: readonly Warning[];
}

export async function* readPages(reading: Reading): AsyncGenerator<Page, void, void> {
  const { operation, options, values } = reading;
  const { pages } = operation;
  const most = options.maxPages ?? pages?.most ?? 1;
  if (!Number.isInteger(most) || most < 1)
    throw unfit("maxPages", "`maxPages` must be a whole number of at least 1.");
  let position: Position | undefined =
    options.cursor === undefined ? startOf(operation, values) : await positionOf(reading, options.cursor);
  const been = new Set<string>();
  const keys: Set<string> | undefined = planHas.keys && new Set();
  for (let count = 1; position; count++) {
    const at: Position = position;
    const cursor = cursorOf(reading, at);
    // Numbers of pages only ever grow.
    if (planHas.serverPages && been.size === been.add(placeOf(at)).size)
      throw failure("pagination_loop", "the server named a page that was read before. Check `pagination`.", {
        cursor,
      });
    if (count > most)
      throw failure(
        "truncated",
        `there are more than ${most} pages. Go on from \`cursor\`, or raise \`maxPages\`.`,
        {
          details: { pages: most },
          cursor,
        },
      );
    let done: PageAnswer;
    let records: readonly unknown[];
    let next: Position | undefined;
    try {
      done = await reading.fetch(requestFor(reading, at));
      const { data, answer } = done;
      records = recordsOf(operation.records, data, pages !== undefined);
      next =
        pages &&
        pagers[pages.kind].next(
          pages,
          at,
          { records, data, answer, size: planHas.sized ? sizeOf(pages, values) : undefined },
          operation,
        );
      if (planHas.nextUrls && next?.[0] === "url") next = ["url", reading.withoutCredentials(next[1])];
      if (planHas.keys)
        for (const record of records) checkKey(pages?.keys ?? [], record, keys as Set<string>);
    } catch (thrown) {
      // Whoever catches this can go on from the page that failed.
      throw ConnectorError.is(thrown) ? amended(thrown, { cursor }) : thrown;
    }
    // The first page has a URL as well: a next URL that leads back to it is a loop.
    if (planHas.nextUrls && at[0] === "start")
      been.add(placeOf(["url", reading.withoutCredentials(done.answer.url)]));
    position = next;
    const { data, warnings } = done;
    const { status, headers } = done.answer;
    yield { records, data, cursor: next && cursorOf(reading, next), status, headers, warnings };
  }
}

function startOf({ pages }: OperationPlan, values: Values): Position {
  return pages ? pagers[pages.kind].start(pages, values) : ["start"];
}

/** The same for two positions exactly where they ask for the same page. */
function placeOf([kind, value, beside]: Position): string {
  return JSON.stringify(planHas.serverPages && kind !== "page" ? [kind, value, beside] : [kind, value]);
}

/** A path to one place names the list, or the one record, that is there; a path to many names the records themselves. */
function recordsOf(path: readonly PathStep[] = [], data: unknown, isPaged: boolean): readonly unknown[] {
  const found = select(path, data);
  if (planHas.manyPaths && path.some((step) => typeof step === "object")) return found;
  const value = found[0] ?? null;
  if (value === null || (isPaged && value === "")) return [];
  if (Array.isArray(value)) return value;
  if (isPaged && typeof value !== "object")
    throw failure("response_invalid", `\`records_path\` leads to a ${typeof value}, not to a list.`, {
      phase: "pagination",
    });
  return [value];
}

/** A record that came before: pages shifted while they were read, and some other may have been missed. */
function checkKey(paths: readonly (readonly PathStep[])[], record: unknown, keys: Set<string>): void {
  const key = paths.map((path) => valueAt(path, record));
  if (key.every((part) => part === undefined || part === null)) return;
  const size = keys.size;
  if (keys.add(textOf(key, "a primary key")).size === size)
    throw moreToCome("a record came twice, by its primary key: the pages changed while they were read");
}

/** The operation's own request with this position in it, and the page size. */
export function requestFor(
  { operation: { pages }, values, given }: Pick<Reading, "operation" | "values" | "given">,
  position: Position,
): Additions {
  const request: Additions = { values: new Map(values), query: [], headers: [], body: [] };
  const { sizeSlot, size, slot, beside = [] }: Partial<PagePlan> = pages ?? {};
  // A size that the caller gives wins over the descriptor's.
  if (
    planHas.sizeSlot &&
    sizeSlot &&
    size !== undefined &&
    !(sizeSlot[0] === "parameter" && given.has(sizeSlot[1]))
  )
    fill(sizeSlot, size, request);
  const [kind, value, more] = position;
  if (planHas.nextUrls && kind === "url") return { ...request, url: value };
  if (kind !== "start" && slot) fill(slot, value, request);
  if (planHas.beside && kind === "cursor")
    for (const [at, item] of (more ?? []).entries()) {
      const place = beside[at]?.[1];
      // Where a page gave none, what the caller began with is over.
      if (place && item !== null) fill(place, item, request);
      else if (place?.[0] === "parameter") request.values.delete(place[1]);
    }
  return request;
}

/** The request of a call that reads one page; what the caller gives stands as it is. */
export function firstRequest(
  operation: OperationPlan,
  values: Values,
  given: ReadonlySet<string>,
): Additions {
  const request = requestFor({ operation, values, given }, startOf(operation, values));
  for (const name of given) if (values.has(name)) request.values.set(name, values.get(name));
  return request;
}

function fill(slot: SlotPlan, value: unknown, request: Additions): void {
  const [kind, name = "", ...rest] = slot;
  if (kind === "parameter") request.values.set(name, value);
  else if (planHas.querySlots && kind === "query") request.query.push([name, String(value)]);
  else if (planHas.bodySlots && kind === "body") request.body.push([[name, ...rest], value]);
  else if (planHas.headerSlots && kind === "header") {
    // What a server gave as a cursor is encoded like any value: it cannot add a header.
    const text = naming(undefined, () => encoders.header(String(value)));
    request.headers.push([name.toLowerCase(), text]);
  }
}
