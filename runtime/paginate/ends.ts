import type { PageCommon } from "../../schema/ir.ts";
import type { JsonPath } from "../../schema/language/jsonpath.ts";
import { select } from "../response/jsonpath.ts";
import { matches } from "../response/matcher.ts";
import { moreToCome } from "./page-errors.ts";
import type { Fetched } from "./pager.ts";
import type { Position } from "./position.ts";

/** The stop rules that every kind of paging obeys. */
export function isStopped(rules: PageCommon, page: Fetched): boolean {
  if (rules.stop_when.some((matcher) => matches(matcher, page.answer))) return true;
  return hasMore(rules, page) === false;
}

/** Those of pages that name the next one: they may be short or empty midway. */
export function isStoppedChain(rules: PageCommon, page: Fetched): boolean {
  return isStopped(rules, page) || (rules.stop_on_short_page && isShort(page));
}

/** What `has_more_path` says; undefined where it says nothing. */
export function hasMore(rules: PageCommon, page: Fetched): boolean | undefined {
  const value = only(rules.has_more, page.data);
  if (value === undefined) return undefined;
  if (typeof value === "string") return !saysNo.test(value);
  return value !== false && value !== null && value !== 0;
}

/** Texts that say no: XML has no other values, and some JSON is written by hand. */
const saysNo = /^\s*(?:false|f|no|n|0)?\s*$/i;

/**
 * Throws where a page of a chain that leads to no other is not its last: `has_more_path` says so, or it was named by the
 * page before and is an empty body under 200, as broken proxies answer. 204 says in earnest that there is nothing.
 */
export function assertChainEnds(rules: PageCommon, position: Position, page: Fetched, but: string): void {
  assertNoMore(rules, page, but);
  const { status } = page.answer;
  if (position.kind !== "start" && status === 200 && page.data === null && page.answer.text() === "")
    throw moreToCome("a cursor or a link leads to this page", "its answer is empty");
}

/** Throws where `has_more_path` says that a page follows which nothing leads to. */
export function assertNoMore(rules: PageCommon, page: Fetched, but: string): void {
  if (hasMore(rules, page) === true)
    throw moreToCome(`by \`${rules.has_more?.text}\` there are more records`, but);
}

/**
 * Whether a list whose places are counted is at its end, after so many records and this page: where the page is empty,
 * else where `has_more_path` or `total_path` say so, and on a short page where neither says anything. `seen` is
 * undefined where nobody knows what lies before.
 */
export function isCountedOut(rules: PageCommon, page: Fetched, seen: number | undefined): boolean {
  if (isStopped(rules, page)) return true;
  const more = hasMore(rules, page);
  const total = totalOf(rules, page);
  const isLeft = total !== undefined && seen !== undefined && seen < total;
  if (page.listed.length === 0) {
    if (isLeft)
      throw moreToCome(
        `by \`${rules.total?.text}\` there are ${total} records`,
        `after ${seen} of them there was an empty page`,
      );
    return more === undefined;
  }
  if (more !== undefined) return !more;
  if (total !== undefined) return seen !== undefined && !isLeft;
  return rules.stop_on_short_page && isShort(page);
}

/** What `total_path` says; undefined where it says no number. Below 0 is how servers say that they have not counted. */
export function totalOf(rules: PageCommon, page: Fetched): number | undefined {
  const value = only(rules.total, page.data);
  const total = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof total === "number" && Number.isFinite(total) && total >= 0 ? total : undefined;
}

/** Fewer records than were asked for. Not known where no size is. */
export function isShort(page: Fetched): boolean {
  return page.size !== undefined && page.listed.length < page.size;
}

function only(path: JsonPath | undefined, data: unknown): unknown {
  return path === undefined ? undefined : select(path, data)[0];
}
