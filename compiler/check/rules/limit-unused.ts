import type { Rule } from "../rule.ts";

export const limitUnused: Rule = {
  id: "limit/unused",
  severity: "warning",
  needsWhole: true,
  summary: "A rate limit with a name that no operation asks for: it never applies.",
  check: ({ declared, lowering }, report) => {
    const { operations, limits, open } = declared;
    if (open.limits || open.operations) return;
    const asked = new Set<string>();
    const known = new Set(limits.map(({ name, scope }) => name ?? scope));
    for (const { at } of operations) {
      if (lowering.isBroken([...at.path, "rate_limit_scope"])) return;
      for (const ref of at.at("rate_limit_scope").itemsOrSelf()) {
        const name = ref.string();
        // A reference that leads nowhere may mean this one.
        if (name === undefined || !known.has(name)) return;
        asked.add(name);
      }
    }
    for (const { name, at } of limits) {
      // Sign-in calls count by `includes`, asked for or not.
      if (name === undefined || asked.has(name) || at.has("includes")) continue;
      report({
        path: [...at.path, "name"],
        message: `No operation asks for the rate limit \`${name}\`: it never applies.`,
        label: "asked for by none",
        help: "Name it in the `rate_limit_scope` of the operations that it limits, or take its name away: then it applies to all.",
      });
    }
  },
};
