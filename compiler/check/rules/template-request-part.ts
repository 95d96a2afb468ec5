import { isHostContext } from "../../lower/scope.ts";
import type { Pointer } from "../../read/tree.ts";
import type { Rule } from "../rule.ts";

/** What is written after the request that it is made of. */
const later: ReadonlySet<string | number> = new Set([
  "headers",
  "token_headers",
  "auth_headers",
  "auth_query",
  "auth_cookies",
]);

export const templateRequestPart: Rule = {
  id: "template/request-part",
  severity: "error",
  summary: "A part of the request is used where the request is still being written.",
  check: ({ lowering }, report) => {
    const told = new Set<string>();
    for (const { symbol, context, path, span } of lowering.references) {
      // In a host, `url/parameter-in-host` says so.
      if (symbol.kind !== "request" || isHostContext(context) || path.some((key) => later.has(key))) continue;
      const key = placeKey(path, span.start);
      if (told.has(key)) continue;
      told.add(key);
      report({
        path,
        span,
        message: `\`{request.${symbol.part}}\` has no value here: it is known once address and body are written.`,
        help: "Use it in `headers`, `auth_headers` or `auth_query`, which are written last.",
      });
    }
  },
};

/** Alternatives read one template several times. */
function placeKey(path: Pointer, start: number): string {
  return `${start} ${JSON.stringify(path)}`;
}
