import { lifeExtract } from "../../lower/step.ts";
import type { Rule } from "../rule.ts";

export const chainUnusedExtract: Rule = {
  id: "chain/unused-extract",
  severity: "warning",
  summary: "An extract that nothing uses.",
  check: ({ declared, lowering }, report) => {
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
          const used = lowering.references.some(
            ({ symbol }) => symbol.kind === "extract" && symbol.step === step.name && symbol.name === name,
          );
          // A wrong final credential is its own rule's finding.
          const final =
            step === last && (name === chain.final || !last.extracts.some((e) => e.name === chain.final));
          const field = declared.operations.some(
            (operation) => operation.at.at("credential_field").string() === name,
          );
          if (used || final || field || name === life || name === "expires_in") continue;
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
