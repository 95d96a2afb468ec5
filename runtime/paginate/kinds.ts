import type { Pagination } from "../../schema/ir.ts";
import { cursorPager } from "./cursor.ts";
import { linkHeaderPager } from "./link-header.ts";
import { offsetPager } from "./offset.ts";
import { pageNumberPager } from "./page-number.ts";
import type { Pager } from "./pager.ts";

/** The kinds of paging. An operation without any is one page. `structured`: the parameters that take a map or a list. */
export function createPager(rules: Pagination, structured: ReadonlySet<string>): Pager {
  switch (rules.kind) {
    case "none":
      return {
        positions: ["start"],
        start: () => ({ kind: "start" }),
        apply: () => {},
        next: () => undefined,
      };
    case "cursor":
      return cursorPager(rules, structured);
    case "offset":
      return offsetPager(rules);
    case "page":
      return pageNumberPager(rules);
    case "link_header":
      return linkHeaderPager(rules);
  }
}
