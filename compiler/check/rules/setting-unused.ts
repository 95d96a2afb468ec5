import type { Rule } from "../rule.ts";

export const settingUnused: Rule = {
  id: "setting/unused",
  severity: "warning",
  needsWhole: true,
  summary: "A connection setting that nothing uses.",
  check: ({ declared, lowering }, report) => {
    const unresolved =
      declared.operations.some(({ id }) => lowering.hasUnresolved("operation", id)) ||
      declared.profiles.some(({ id }) => lowering.hasUnresolved("profile", id)) ||
      declared.chains.some(({ id }) => lowering.hasUnresolved("chain", id));
    if (unresolved || declared.open.settings || declared.operations.length === 0) return;
    for (const { key, at } of declared.settings) {
      if (lowering.references.some(({ symbol }) => symbol.kind === "setting" && symbol.key === key)) continue;
      report({
        path: [...at.path, "key"],
        message: `Nothing uses the setting \`${key}\`.`,
        label: "asked for, never used",
        help: "Remove it, or use it in a template.",
      });
    }
  },
};
