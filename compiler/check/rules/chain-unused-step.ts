import type { Finding } from "../../diagnostics.ts";
import type { DeclaredStep } from "../../lower/declared.ts";
import { afterChain, replacing } from "../../lower/oauth-after.ts";
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
        report(nothingUsed(step));
      }
    }
    const named = new Set(
      lowering.references.flatMap(({ symbol }) => (symbol.kind === "oauth" ? [symbol.name] : [])),
    );
    // A chain takes the place of the whole `oauth` section.
    const tokens = declared.profiles.filter(({ at }) => !at.has("credential_chain_id"));
    for (const { steps } of tokens.map(afterChain))
      for (const step of steps) {
        const life = lifeExtract(step);
        const only = step.extracts.every(
          ({ name }) => name === "expires_in" || (name === life && !named.has(name) && !replacing.has(name)),
        );
        if (step.extracts.length === 0 || !only || used.has(step.name)) continue;
        report(nothingUsed(step));
      }
  },
};

function nothingUsed({ name, at }: DeclaredStep): Omit<Finding, "rule"> {
  return {
    path: [...at.path, "step_name"],
    message: `Nothing uses what the step \`${name}\` gives: it extracts only how long it is kept.`,
    help: "Extract what a later step needs, or remove the step.",
    related: [{ path: [...at.path, "extract"], at: "key", message: "all that it extracts" }],
  };
}
