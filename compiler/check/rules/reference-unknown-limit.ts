import { closest, list } from "../../../schema/language/spelling.ts";
import type { Rule } from "../rule.ts";

export const referenceUnknownLimit: Rule = {
  id: "reference/unknown-limit",
  severity: "error",
  summary: "`rate_limit_scope` names no rate limit and no scope of this descriptor.",
  check: ({ declared }, report) => {
    if (declared.open.limits) return;
    const names = declared.limits.flatMap(({ name }) => name ?? []);
    const scopes = declared.limits.flatMap(({ name, scope }) => (name === undefined ? [scope] : []));
    const known = [...new Set([...names, ...scopes])];
    for (const { at } of declared.operations)
      for (const ref of at.at("rate_limit_scope").itemsOrSelf()) {
        const name = ref.string();
        if (name === undefined || known.includes(name)) continue;
        const meant = closest(name, known);
        report({
          path: ref.path,
          message: `No rate limit has the name or scope \`${name}\`.`,
          help: meant
            ? `Did you mean \`${meant}\`?`
            : known.length > 0
              ? `There are ${list(known)}.`
              : "Declare it under `rate_limits`.",
          ...(meant ? { replace: meant } : {}),
        });
      }
  },
};
