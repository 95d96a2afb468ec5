import { closest, list } from "../../../schema/language/spelling.ts";
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
        lowering.isBroken([...last.at.path, "extract"])
      )
        continue;
      const path = [...at.path, "final_credential_name"];
      const earlier = steps.find((step) => step.extracts.some(({ name }) => name === final));
      const known = last.extracts.map(({ name }) => name);
      const meant = closest(final, known);
      report({
        path,
        message: earlier
          ? `\`${final}\` is extracted by the step \`${earlier.name}\`, not by the last one.`
          : `The last step does not extract \`${final}\`.`,
        help: meant
          ? `Did you mean \`${meant}\`?`
          : `The last step, \`${last.name}\`, extracts ${list(known)}.`,
        ...(meant ? { replace: meant } : {}),
        related: [{ path: [...last.at.path, "extract"], at: "key", message: "the last step's extracts" }],
      });
    }
  },
};
