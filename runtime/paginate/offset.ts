import type { Pagination } from "../../schema/ir.ts";
import { hasMore, isShort, isStopped, totalOf } from "./ends.ts";
import { fillSlot, givenNumber, type Pager } from "./pager.ts";

/** Paging by the number of records to skip: ends on an empty page, by total or has_more, else on a short page. */
export function offsetPager(rules: Extract<Pagination, { kind: "offset" }>): Pager {
  return {
    positions: ["offset"],
    start: (parameters) => ({ kind: "offset", value: givenNumber(rules.slot, parameters) ?? 0 }),
    apply: (position, request) => {
      if (position.kind === "offset") fillSlot(rules.slot, position.value, request);
    },
    next: (position, page) => {
      if (position.kind !== "offset" || page.listed.length === 0 || isStopped(rules, page)) return undefined;
      const value = position.value + page.listed.length;
      const total = totalOf(rules, page);
      if (total !== undefined && value >= total) return undefined;
      if (total === undefined && hasMore(rules, page) === undefined && isShort(page)) return undefined;
      return { kind: "offset", value };
    },
  };
}
