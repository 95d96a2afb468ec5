import type { Rule } from "../rule.ts";

export const chainUnusedCredential: Rule = {
  id: "chain/unused-credential",
  severity: "warning",
  needsWhole: true,
  summary: "A credential that the chain requires and nothing uses.",
  check: ({ declared, lowering }, report) => {
    const settled = !declared.operations.some(({ id }) => lowering.hasUnresolved("operation", id));
    for (const { id, initial, open } of declared.chains) {
      if (
        !settled ||
        open ||
        lowering.hasUnresolved("chain", id) ||
        declared.profiles.some((profile) => lowering.hasUnresolved("profile", profile.id))
      )
        continue;
      for (const { key, at } of initial) {
        const used = lowering.references.some(
          ({ symbol, owner }) =>
            (symbol.kind === "credential" || symbol.kind === "setting") &&
            symbol.key === key &&
            // What another chain does with a credential of that name is no use of it here.
            (owner.kind !== "chain" || owner.id === id),
        );
        if (!used)
          report({
            path: at.path,
            message: `Nothing uses \`${key}\`.`,
            help: "Remove it, so that users are not asked for it, or use it in a step.",
          });
      }
    }
  },
};
