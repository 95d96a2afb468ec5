import type { Pagination } from "../../schema/ir.ts";
import { isCountedOut, totalOf } from "./ends.ts";
import { fillSlot, givenNumber, type Pager } from "./pager.ts";
import { countedPlaces } from "./places.ts";

/** Paging by page numbers. */
export function pageNumberPager(rules: Extract<Pagination, { kind: "page" }>): Pager {
  return {
    positions: ["page"],
    start: (parameters) => {
      const value = givenNumber(rules.slot, parameters) ?? rules.start_page;
      // Servers hold less on a page than was asked for: what lies before a page in the middle is not known.
      return { kind: "page", value, ...(value === rules.start_page ? { seen: 0 } : {}) };
    },
    apply: (position, request) => {
      if (position.kind === "page") fillSlot(rules.slot, position.value, request);
    },
    next: (position, page) => {
      if (position.kind !== "page") return undefined;
      const seen = position.seen === undefined ? undefined : position.seen + page.listed.length;
      if (isCountedOut(rules, page, seen)) return undefined;
      return { kind: "page", value: position.value + 1, ...(seen === undefined ? {} : { seen }) };
    },
    guess: (next, page, count) => {
      if (next.kind !== "page") return [];
      // Where what lies before is not known, neither is what is left.
      const total = next.seen === undefined ? undefined : totalOf(rules, page);
      return countedPlaces(count, page.listed.length, next.seen ?? 0, total).map((_, index) => ({
        kind: "page",
        value: next.value + index + 1,
      }));
    },
  };
}
