import type { Pagination } from "../../schema/ir.ts";
import { assertNoMore, isCountedOut, totalOf } from "./ends.ts";
import { fillSlot, givenNumber, type Pager } from "./pager.ts";
import { countedPlaces } from "./places.ts";

/** Paging by the number of records to skip. */
export function offsetPager(rules: Extract<Pagination, { kind: "offset" }>): Pager {
  return {
    positions: ["offset"],
    start: (parameters) => ({ kind: "offset", value: givenNumber(rules.slot, parameters) ?? 0 }),
    apply: (position, request) => {
      if (position.kind === "offset") fillSlot(rules.slot, position.value, request);
    },
    next: (position, page) => {
      if (position.kind !== "offset") return undefined;
      const value = position.value + page.listed.length;
      if (isCountedOut(rules, page, value)) return undefined;
      // Without a record nothing says how far to skip.
      if (page.listed.length === 0) assertNoMore(rules, page, "the page is empty");
      return { kind: "offset", value };
    },
    guess: (next, page, count) => {
      if (next.kind !== "offset") return [];
      const { length } = page.listed;
      return countedPlaces(count, length, next.value, totalOf(rules, page)).map((value) => ({
        kind: "offset",
        value,
      }));
    },
  };
}
