import type { Pagination } from "../../schema/ir.ts";
import { splitUrl, urlPosition } from "./cursor.ts";
import { assertChainEnds, isStoppedChain } from "./ends.ts";
import { nextLink } from "./links.ts";
import type { Pager } from "./pager.ts";

/** Paging by `Link: <…>; rel="next"` (RFC 8288): ends where there is none. */
export function linkHeaderPager(rules: Extract<Pagination, { kind: "link_header" }>): Pager {
  return {
    positions: ["start", "url"],
    start: () => ({ kind: "start" }),
    apply: (position, request) => {
      if (position.kind === "url") request.url = splitUrl(position.value);
    },
    next: (position, page) => {
      if (isStoppedChain(rules, page)) return undefined;
      const target = nextLink(page.answer.headers.get("link") ?? "");
      if (target !== undefined && target !== "") return urlPosition(target, page);
      assertChainEnds(rules, position, page, "no `Link` header leads to them");
      return undefined;
    },
  };
}
