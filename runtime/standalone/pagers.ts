/** The kinds of paging: where reading begins, and which page follows. */
import type { PathStep } from "../../schema/language/jsonpath.ts";
import {
  type OperationPlan,
  type PagePlan,
  type SlotPlan,
  specialField,
} from "../../schema/standalone-plan.ts";
import { nextLink } from "../paginate/links.ts";
import { type Answer, matches, valueAt } from "./answer.ts";
import { type ConnectorError, failure } from "./errors.ts";
import { planHas } from "./plan-has.ts";

type Values = ReadonlyMap<string, unknown>;

/** Where a page lies: nothing is asked for at the start of cursors and links. */
export type Position =
  | readonly ["start"]
  | readonly ["cursor", value: unknown, beside?: readonly unknown[]]
  | readonly ["url", string]
  | readonly ["offset", number]
  /** Behind it the records of the pages before, where they are known. */
  | readonly ["page", number, seen?: number];

/** One page as it came. */
export interface Fetched {
  readonly records: readonly unknown[];
  readonly data: unknown;
  readonly answer: Answer;
  /** Records asked for, where that is known. */
  readonly size: number | undefined;
}

/** One kind of paging. */
interface Pager {
  start(plan: PagePlan, values: Values): Position;
  /** Undefined after the last page. */
  next(plan: PagePlan, position: Position, page: Fetched, operation: OperationPlan): Position | undefined;
}

export const pagers: { readonly [Kind in PagePlan["kind"]]: Pager } = {
  cursor: { start: cursorStart, next: nextCursor },
  link_header: { start: () => ["start"], next: nextLinked },
  offset: {
    start: ({ slot }, values) => ["offset", givenNumber(slot, values) ?? 0],
    next: (plan, [, at], page) => {
      const value = Number(at) + page.records.length;
      if (isCountedOut(plan, page, value)) return undefined;
      // Without a record nothing says how far to skip.
      if (page.records.length === 0) assertNoMore(plan, page);
      return ["offset", value];
    },
  },
  page: {
    start: ({ slot, start = 1 }, values) => {
      const value = givenNumber(slot, values) ?? start;
      return planHas.total && value === start ? ["page", value, 0] : ["page", value];
    },
    next: (plan, [, at, before], page) => {
      const seen = planHas.total && before !== undefined ? Number(before) + page.records.length : undefined;
      if (isCountedOut(plan, page, seen)) return undefined;
      const next = Number(at) + 1;
      return planHas.total && seen !== undefined ? ["page", next, seen] : ["page", next];
    },
  },
};

export function moreToCome(what: string): ConnectorError {
  return failure(
    "pagination_inconsistent",
    `${what}, so records may be missing. Read again from \`cursor\`.`,
    { retryable: true },
  );
}

function givenNumber(slot: SlotPlan | undefined, values: Values): number | undefined {
  const value = slot?.[0] === "parameter" ? values.get(slot[1]) : undefined;
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

export function sizeOf({ sizeSlot, size }: PagePlan, values: Values): number | undefined {
  return givenNumber(sizeSlot, values) ?? size;
}

function isStopped({ stop = [], more }: PagePlan, { answer, data }: Fetched): boolean {
  return (
    (planHas.stop && stop.some((matcher) => matches(matcher, answer))) ||
    (planHas.more && hasMore(more, data) === false)
  );
}

/** Undefined where it says nothing. */
function hasMore(path: readonly PathStep[] | undefined, data: unknown): boolean | undefined {
  const value = valueAt(path, data);
  if (value === undefined) return undefined;
  // XML has no other values than texts, and some JSON is written by hand.
  if (typeof value === "string") return !/^\s*(?:false|f|no|n|0)?\s*$/i.test(value);
  return value !== false && value !== null && value !== 0;
}

function isShort({ short }: PagePlan, { records, size }: Fetched): boolean {
  return planHas.short && planHas.sized && short === true && size !== undefined && records.length < size;
}

function assertNoMore({ more }: PagePlan, { data }: Fetched): void {
  if (hasMore(more, data) === true)
    throw moreToCome("the page says that more records follow, and nothing leads to them");
}

/** Whether a list whose places are counted is at its end, after so many records and this page. */
function isCountedOut(plan: PagePlan, page: Fetched, seen: number | undefined): boolean {
  if (planHas.stops && isStopped(plan, page)) return true;
  const more = planHas.more ? hasMore(plan.more, page.data) : undefined;
  const said = planHas.total ? valueAt(plan.total, page.data) : undefined;
  const total = planHas.total && typeof said === "string" && said.trim() !== "" ? Number(said) : said;
  const isTotal = planHas.total && typeof total === "number" && total >= 0 && total < Infinity;
  const isLeft = isTotal && seen !== undefined && seen < total;
  if (page.records.length === 0) {
    if (planHas.total && isLeft)
      throw moreToCome(`there are ${total} records, but after ${seen} there was an empty page`);
    return !planHas.more || more === undefined;
  }
  if (planHas.more && more !== undefined) return !more;
  return planHas.total && isTotal ? seen !== undefined && !isLeft : isShort(plan, page);
}

/** A page that leads to no other must be the last, and no empty body, as broken proxies answer. */
function assertChainEnds(plan: PagePlan, [kind]: Position, page: Fetched): void {
  assertNoMore(plan, page);
  const { status, bytes } = page.answer;
  if (kind !== "start" && status === 200 && page.data === null && bytes.length === 0)
    throw moreToCome("a cursor or a link leads to this page, but its answer is empty");
}

/** A caller may begin at a cursor, such as one that another operation gave. */
function cursorStart({ source, slot }: PagePlan, values: Values): Position {
  const given = slot?.[0] === "parameter" ? values.get(slot[1]) : undefined;
  return source === "next_url" || (given ?? "") === "" ? ["start"] : ["cursor", given];
}

function nextCursor(
  plan: PagePlan,
  position: Position,
  page: Fetched,
  { parameters = [] }: OperationPlan,
): Position | undefined {
  const { source, header = "", path, slot, beside } = plan;
  if ((planHas.stops && isStopped(plan, page)) || isShort(plan, page)) return undefined;
  const takes = ([kind, name]: SlotPlan | readonly [undefined?, string?]): boolean =>
    kind === "body" || parameters.some(({ key, bits = 0 }) => key === name && bits & specialField);
  const at = (steps: readonly PathStep[] | undefined): unknown =>
    source === "record"
      ? page.records.length === 0
        ? undefined
        : valueAt(steps, page.records.at(-1))
      : valueAt(steps, page.data);
  const value = readCursor(
    source === "header" ? page.answer.headers.get(header) : at(path),
    takes(slot ?? []),
  );
  if (value === undefined) {
    assertChainEnds(plan, position, page);
    return undefined;
  }
  if (source === "next_url") return urlPosition(value, page);
  return beside
    ? ["cursor", value, beside.map(([steps, place]) => readCursor(at(steps), takes(place)) ?? null)]
    : ["cursor", value];
}

/** Undefined where there is no cursor: absent, null, empty, false. */
function readCursor(value: unknown, isStructured: boolean): unknown {
  if (typeof value === "number") return value;
  if (value === undefined || value === null || value === "" || value === false) return undefined;
  if (typeof value === "string") return value;
  if (isStructured && typeof value === "object")
    return Object.keys(value).length === 0 ? undefined : JSON.parse(textOf(value, "the cursor"));
  throw failure(
    "response_invalid",
    "the cursor in the answer is neither text nor a number. Check `pagination`.",
    { phase: "pagination" },
  );
}

/** JSON of a part of an answer. Throws `response_invalid` where it nests deeper than the stack. */
export function textOf(value: unknown, what: string): string {
  try {
    return JSON.stringify(value);
  } catch {
    throw failure("response_invalid", `${what} in the answer nests too deeply. Check \`pagination\`.`, {
      phase: "pagination",
    });
  }
}

function urlPosition(reference: unknown, { answer }: Fetched): Position {
  const url =
    typeof reference === "string" && URL.canParse(reference, answer.url)
      ? new URL(reference, answer.url)
      : undefined;
  // A user name in a URL would be a credential of the server's choosing.
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "")
    throw failure("response_invalid", "the server named a next page that is no URL. Check `pagination`.", {
      phase: "pagination",
    });
  url.hash = "";
  return ["url", url.href];
}

function nextLinked(plan: PagePlan, position: Position, page: Fetched): Position | undefined {
  if ((planHas.stops && isStopped(plan, page)) || isShort(plan, page)) return undefined;
  const target = nextLink(page.answer.headers.get("link") ?? "");
  if (target) return urlPosition(target, page);
  assertChainEnds(plan, position, page);
  return undefined;
}
