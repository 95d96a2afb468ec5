import { findBareHostNames } from "../bare-hosts.ts";
import type { Rule } from "../rule.ts";
import { usesOf } from "../uses.ts";

export const settingUnused: Rule = {
  id: "setting/unused",
  severity: "warning",
  needsWhole: true,
  summary: "A connection setting that nothing uses.",
  check: (model, report) => {
    const { declared, lowering } = model;
    const unresolved =
      declared.operations.some(({ id }) => lowering.hasUnresolved("operation", id)) ||
      declared.profiles.some(({ id, open }) => open || lowering.hasUnresolved("profile", id)) ||
      declared.chains.some(({ id }) => lowering.hasUnresolved("chain", id));
    if (unresolved || declared.open.settings || declared.operations.length === 0) return;
    const uses = usesOf(model);
    // A name that stands in a host as a word is told there, once.
    const bare = new Set(findBareHostNames(model).map(({ field }) => field.key));
    for (const { key, at } of declared.settings) {
      if (bare.has(key) || uses.of({ kind: "setting", key }).length > 0) continue;
      report({
        path: [...at.path, "key"],
        message: `Nothing uses the setting \`${key}\`.`,
        label: "asked for, never used",
        help: "Remove it, or use it in a template.",
      });
    }
  },
};
