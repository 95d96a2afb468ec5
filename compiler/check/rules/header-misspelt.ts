import { distance } from "../../../schema/language/spelling.ts";
import { isToken, type NamedHeader, namedHeaders, otherTokens } from "../headers.ts";
import type { Rule } from "../rule.ts";

/** Of the registry of RFC 9110, those that clients and APIs send; long enough that a near name is a slip. */
const known: readonly string[] = [
  ...["Accept-Charset", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control"],
  ...["Content-Disposition", "Content-Encoding", "Content-Language", "Content-Location", "Content-Type"],
  ...["If-Match", "If-Modified-Since", "If-None-Match", "If-Unmodified-Since", "Idempotency-Key"],
  ...["Last-Modified", "Location", "Referer", "Retry-After", "User-Agent", "WWW-Authenticate"],
];
const names: ReadonlyMap<string, string> = new Map(known.map((name) => [name.toLowerCase(), name]));

export const headerMisspelt: Rule = {
  id: "header/misspelt",
  severity: "warning",
  summary: "A header whose name is a slip away from a standard one.",
  check: (model, report) => {
    // Many requests have the same headers.
    const judged = new Set<string>();
    const judge = ({ name, path, at }: Pick<NamedHeader, "name" | "path" | "at">): void => {
      const lower = name.toLowerCase();
      if (names.has(lower) || judged.has(lower)) return;
      // A name that is no token has a finding of its own.
      const meant = isToken(name) ? standardMeant(lower) : undefined;
      if (meant === undefined) judged.add(lower);
      if (meant !== undefined)
        report({
          path,
          at,
          message: `No standard header is called \`${name}\`.`,
          help: `Did you mean \`${meant}\`? Servers pass over a header that they do not know.`,
        });
    };
    for (const header of namedHeaders(model)) judge(header);
    for (const token of otherTokens(model)) if (token.what === "header") judge(token);
  },
};

function standardMeant(name: string): string | undefined {
  for (const [lower, meant] of names) if (isSlip(name, lower)) return meant;
  return undefined;
}

/** One letter too many, too few or another; or two that changed places. */
function isSlip(name: string, meant: string): boolean {
  return name[0] === meant[0] && distance(name, meant, 1) <= 1;
}
