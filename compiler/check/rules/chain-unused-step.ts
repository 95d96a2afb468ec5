import { lifeExtract } from "../../lower/step.ts";
import type { Rule } from "../rule.ts";

export const chainUnusedStep: Rule = {
  id: "chain/unused-step",
  severity: "warning",
  needsWhole: true,
  summary: "A step that gives nothing but its own life.",
  check: ({ declared, lowering }, report) => {
    const used = new Set(
      lowering.references.flatMap(({ symbol }) => (symbol.kind === "extract" ? [symbol.step] : [])),
    );
    for (const { steps, open, id } of declared.chains) {
      if (open || lowering.hasUnresolved("chain", id)) continue;
      for (const step of steps.slice(0, -1)) {
        const life = lifeExtract(step);
        const only = step.extracts.every(({ name }) => name === life || name === "expires_in");
        if (step.extracts.length === 0 || !only || used.has(step.name)) continue;
        report({
          path: [...step.at.path, "step_name"],
          message: `Nothing uses what the step \`${step.name}\` gives: it extracts only how long it is kept.`,
          help: "Extract what a later step needs, or remove the step.",
        });
      }
    }
  },
};
