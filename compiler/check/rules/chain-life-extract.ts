import { closest, list } from "../../../schema/language/spelling.ts";
import { lifeExtract } from "../../lower/step.ts";
import type { Rule } from "../rule.ts";

export const chainLifeExtract: Rule = {
  id: "chain/life-extract",
  severity: "error",
  summary: "`ttl_from` names no extract of its step.",
  check: ({ declared, lowering }, report) => {
    for (const { steps } of declared.chains)
      for (const step of steps) {
        const from = step.at.at("ttl_from");
        const name = lifeExtract(step);
        const known = step.extracts.map((extract) => extract.name);
        if (!from.exists || name === undefined || known.includes(name)) continue;
        if (step.at.at("ttl_seconds").exists || lowering.isBroken([...step.at.path, "extract"])) continue;
        const meant = closest(name, known);
        report({
          path: from.has("extract") ? [...from.path, "extract"] : from.path,
          message: `The step does not extract \`${name}\`.`,
          help: meant ? `Did you mean \`${meant}\`?` : `The step extracts ${list(known)}.`,
          ...(meant && from.has("extract") ? { replace: meant } : {}),
        });
      }
  },
};
