import { lifeExtract } from "../../lower/step.ts";
import type { Rule } from "../rule.ts";

export const chainUnusedExtract: Rule = {
  id: "chain/unused-extract",
  severity: "warning",
  needsWhole: true,
  summary: "An extract that nothing uses.",
  check: ({ declared, lowering }, report) => {
    const used = new Set(
      lowering.references.flatMap(({ symbol }) =>
        symbol.kind === "extract" ? [`${symbol.step}\n${symbol.name}`] : [],
      ),
    );
    const fields = new Set(declared.operations.map(({ at }) => at.at("credential_field").string()));
    for (const chain of declared.chains) {
      const users = declared.profiles.filter((profile) => profile.chain === chain);
      // A name that could not be bound may be the one.
      if (
        lowering.hasUnresolved("chain", chain.id) ||
        users.some(({ id }) => lowering.hasUnresolved("profile", id)) ||
        declared.operations.some(({ id }) => lowering.hasUnresolved("operation", id))
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
