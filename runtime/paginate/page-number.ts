import type { Pagination } from "../../schema/ir.ts";
import { hasMore, isShort, isStopped, totalOf } from "./ends.ts";
import { fillSlot, givenNumber, type Pager } from "./pager.ts";

/** Paging by page numbers: ends on an empty page, by total or has_more, else on a short page. */
export function pageNumberPager(rules: Extract<Pagination, { kind: "page" }>): Pager {
  return {
    positions: ["page"],
    start: (parameters) => {
      const value = givenNumber(rules.slot, parameters) ?? rules.start_page;
      const size = givenNumber(rules.limit, parameters) ?? rules.page_size ?? 0;
      return { kind: "page", value, seen: Math.max(0, value - rules.start_page) * size };
    },
    apply: (position, request) => {
      if (position.kind === "page") fillSlot(rules.slot, position.value, request);
    },
    next: (position, page) => {
      if (position.kind !== "page" || page.listed.length === 0 || isStopped(rules, page)) return undefined;
      const seen = position.seen + page.listed.length;
      const total = totalOf(rules, page);
      if (total !== undefined && seen >= total) return undefined;
      if (total === undefined && hasMore(rules, page) === undefined && isShort(page)) return undefined;
      return { kind: "page", value: position.value + 1, seen };
    },
  };
}
