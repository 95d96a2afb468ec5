import { duplicateRule } from "../duplicates.ts";
import type { Rule } from "../rule.ts";

export const limitDuplicate: Rule = duplicateRule({
  id: "limit/duplicate",
  summary: "Two rate limits of one scope with one name and interval.",
  what: "rate limit for",
  help: "Limits of one scope differ by `name` or by `interval_seconds`.",
  names: ({ declared, lowering }) =>
    declared.limits.flatMap(({ name, scope, at }) =>
      ["name", "scope", "interval_seconds"].some((key) => lowering.isBroken([...at.path, key]))
        ? []
        : [
            {
              group: `${name ?? ""}\n${at.at("interval_seconds").number()}`,
              name: scope,
              path: [...at.path, name === undefined ? "scope" : "name"],
            },
          ],
    ),
});
