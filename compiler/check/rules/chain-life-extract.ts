import { allChains } from "../../lower/oauth-after.ts";
import { lifeExtract } from "../../lower/step.ts";
import { adviseName } from "../meant.ts";
import type { Rule } from "../rule.ts";

export const chainLifeExtract: Rule = {
  id: "chain/life-extract",
  severity: "error",
  summary: "`ttl_from` names no extract of its step.",
  check: ({ declared, lowering }, report) => {
    for (const { steps } of allChains(declared))
      for (const step of steps) {
        const from = step.at.at("ttl_from");
        const name = lifeExtract(step);
        const known = step.extracts.map(({ name, at }) => ({ name, path: at.path, at: "key" as const }));
        if (!from.exists || name === undefined || known.some((one) => one.name === name)) continue;
        if (step.at.at("ttl_seconds").exists || lowering.isBroken([...step.at.path, "extract"])) continue;
        // The name may be that of the kind, with no text of its own to mend.
        const written = from.at("extract");
        report({
          path: written.exists ? written.path : from.path,
          message: `The step does not extract \`${name}\`.`,
          ...adviseName(name, { value: written }, known, (shown) => `The step extracts ${shown}.`),
        });
      }
  },
};
