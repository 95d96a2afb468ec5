import { distance } from "../../../schema/language/spelling.ts";
import { namedHeaders, otherTokens } from "../headers.ts";
import type { Rule } from "../rule.ts";

/** Of the registry of RFC 9110, those that clients and APIs send; long enough that a near name is a slip. */
const known: readonly string[] = [
  ...["Accept-Charset", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control"],
  ...["Content-Disposition", "Content-Encoding", "Content-Language", "Content-Location", "Content-Type"],
  ...["If-Match", "If-Modified-Since", "If-None-Match", "If-Unmodified-Since", "Idempotency-Key"],
  ...["Last-Modified", "Location", "Referer", "Retry-After", "User-Agent", "WWW-Authenticate"],
];
const names: ReadonlySet<string> = new Set(known.map((name) => name.toLowerCase()));

export const headerMisspelt: Rule = {
  id: "header/misspelt",
  severity: "warning",
  summary: "A header whose name is a slip away from a standard one.",
  check: (model, report) => {
    const tokens = otherTokens(model).filter(({ what }) => what === "header");
    for (const { name, path, at } of [...namedHeaders(model), ...tokens]) {
      const lower = name.toLowerCase();
      if (names.has(lower)) continue;
      const meant = known.find((one) => isSlip(lower, one.toLowerCase()));
      if (meant !== undefined)
        report({
          path,
          at,
          message: `No standard header is called \`${name}\`.`,
          help: `Did you mean \`${meant}\`? Servers pass over a header that they do not know.`,
        });
    }
  },
};

/** One letter too many, too few or another; or two that changed places. */
function isSlip(name: string, meant: string): boolean {
  return name[0] === meant[0] && distance(name, meant, 1) <= 1;
}
