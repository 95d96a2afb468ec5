import type { Finding } from "../../diagnostics.ts";
import type { Declared } from "../../lower/declared.ts";
import { adviseName } from "../meant.ts";
import type { Rule } from "../rule.ts";

export const referenceUnknownLimit: Rule = {
  id: "reference/unknown-limit",
  severity: "error",
  blocking: true,
  summary: "`rate_limit_scope` names no rate limit and no scope of this descriptor.",
  check: ({ declared, lowering }, report) => {
    // A limit whose scope or name was at fault may be the one that is meant.
    const isOpen = declared.limits.some(
      ({ at }) => lowering.isBroken([...at.path, "scope"]) || lowering.isBroken([...at.path, "name"]),
    );
    if (declared.open.limits || isOpen) return;
    const named = declared.limits.flatMap(({ name, at }) =>
      name === undefined ? [] : [{ name, path: [...at.path, "name"] }],
    );
    const scopes = declared.limits.flatMap(({ name, scope, at }) =>
      name === undefined ? [{ name: scope, path: [...at.path, "scope"], fixed: true }] : [],
    );
    const known = [...named, ...scopes];
    const names = new Set(known.map(({ name }) => name));
    for (const { at } of declared.operations)
      for (const ref of at.at("rate_limit_scope").itemsOrSelf()) {
        const name = ref.string();
        if (name === undefined || names.has(name)) continue;
        report({
          path: ref.path,
          message: `No rate limit has the name or scope \`${name}\`.`,
          label: "no such limit",
          cause: name,
          ...scopeOfNamed(declared, name),
          ...adviseName(name, { value: ref }, known, (shown) =>
            shown ? `There are ${shown}.` : "Declare it under `rate_limits`.",
          ),
        });
      }
  },
};

/** A scope that only limits with a name have: those are referred to by their names. */
function scopeOfNamed({ limits }: Declared, scope: string): Pick<Finding, "related"> {
  const named = limits.filter((limit) => limit.scope === scope).slice(0, 3);
  return {
    related: named.map(({ name, at }) => ({
      path: [...at.path, "scope"],
      message: `this limit is referred to by its name, \`${name}\``,
    })),
  };
}
