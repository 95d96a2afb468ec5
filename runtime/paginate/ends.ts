import type { PageCommon } from "../../schema/ir.ts";
import type { JsonPath } from "../../schema/language/jsonpath.ts";
import { select } from "../response/jsonpath.ts";
import { matches } from "../response/matcher.ts";
import type { Fetched } from "./pager.ts";

/** The stop rules that every kind of paging obeys. */
export function isStopped(rules: PageCommon, page: Fetched): boolean {
  if (rules.stop_when.some((matcher) => matches(matcher, page.answer))) return true;
  return hasMore(rules, page) === false;
}

/** What `has_more_path` says; undefined where it says nothing. */
export function hasMore(rules: PageCommon, page: Fetched): boolean | undefined {
  const value = only(rules.has_more, page.data);
  if (value === undefined) return undefined;
  return (
    value !== false && value !== null && value !== 0 && value !== "" && value !== "false" && value !== "0"
  );
}

/** What `total_path` says; undefined where it says no number. */
export function totalOf(rules: PageCommon, page: Fetched): number | undefined {
  const value = only(rules.total, page.data);
  const total = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof total === "number" && Number.isFinite(total) ? total : undefined;
}

/** Fewer records than were asked for. Not known where no size is. */
export function isShort(page: Fetched): boolean {
  return page.size !== undefined && page.listed.length < page.size;
}

function only(path: JsonPath | undefined, data: unknown): unknown {
  return path === undefined ? undefined : select(path, data)[0];
}
