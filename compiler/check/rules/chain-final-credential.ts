import { adviseName } from "../meant.ts";
import type { Rule } from "../rule.ts";

export const chainFinalCredential: Rule = {
  id: "chain/final-credential",
  severity: "error",
  blocking: true,
  summary: "The last step does not extract the chain's final credential.",
  check: ({ declared, lowering }, report) => {
    for (const { at, steps, final } of declared.chains) {
      const last = steps.at(-1);
      if (
        !last ||
        final === undefined ||
        last.extracts.some(({ name }) => name === final) ||
        last.at.node?.kind !== "map" ||
        lowering.lostKey(last.at.path) ||
        lowering.isBroken([...last.at.path, "extract"])
      )
        continue;
      const path = [...at.path, "final_credential_name"];
      const earlier = steps.find((step) => step.extracts.some(({ name }) => name === final));
      const known = last.extracts.map(({ name, at }) => ({ name, path: at.path, at: "key" as const }));
      const advice = adviseName(
        final,
        { value: at.at("final_credential_name") },
        known,
        (shown) => `The last step, \`${last.name}\`, extracts ${shown}.`,
      );
      report({
        path,
        message: earlier
          ? `\`${final}\` is extracted by the step \`${earlier.name}\`, not by the last one.`
          : `The last step does not extract \`${final}\`.`,
        ...advice,
        related: advice.related ?? [
          { path: [...last.at.path, "extract"], at: "key", message: "the last step's extracts" },
        ],
      });
    }
  },
};
