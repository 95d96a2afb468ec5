import { groupBy } from "../../lower/find.ts";
import { lifeExtract } from "../../lower/step.ts";
import type { Rule } from "../rule.ts";

export const chainUnusedExtract: Rule = {
  id: "chain/unused-extract",
  severity: "warning",
  needsWhole: true,
  summary: "An extract that nothing uses.",
  check: ({ declared, lowering }, report) => {
    if (declared.operations.some(({ id }) => lowering.hasUnresolved("operation", id))) return;
    const users = groupBy(declared.profiles, ({ chain }) => chain);
    const used = new Set(
      lowering.references.flatMap(({ symbol }) =>
        symbol.kind === "extract" ? [`${symbol.step}\n${symbol.name}`] : [],
      ),
    );
    const fields = new Set(declared.operations.map(({ at }) => at.at("credential_field").string()));
    for (const chain of declared.chains) {
      // A name that could not be bound may be the one.
      if (
        chain.open ||
        lowering.hasUnresolved("chain", chain.id) ||
        users.get(chain)?.some(({ id }) => lowering.hasUnresolved("profile", id))
      )
        continue;
      const last = chain.steps.at(-1);
      for (const step of chain.steps) {
        // A life that names no extract may mean this one.
        const life = lifeExtract(step);
        if (life !== undefined && step.at.has("ttl_from") && !step.extracts.some(({ name }) => name === life))
          continue;
        for (const { name, at } of step.extracts) {
          // A wrong final credential is its own rule's finding.
          const final =
            step === last && (name === chain.final || !last.extracts.some((e) => e.name === chain.final));
          const field = fields.has(name);
          if (used.has(`${step.name}\n${name}`) || final || field || name === life || name === "expires_in")
            continue;
          report({
            path: at.path,
            at: "key",
            message: `Nothing uses \`${name}\`.`,
            help: "Remove it, or use it in a later step or a placement.",
          });
        }
      }
    }
  },
};
