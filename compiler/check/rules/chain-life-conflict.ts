import { allChains } from "../../lower/oauth-after.ts";
import type { Rule } from "../rule.ts";

export const chainLifeConflict: Rule = {
  id: "chain/life-conflict",
  severity: "warning",
  summary: "A step whose answer says its life, which `ttl_seconds` overrules.",
  check: ({ declared, lowering }, report) => {
    const used = new Set(
      lowering.references.flatMap(({ symbol }) =>
        symbol.kind === "extract" && symbol.name === "expires_in" ? [symbol.step] : [],
      ),
    );
    for (const { steps } of allChains(declared))
      for (const step of steps) {
        const fixed = step.at.at("ttl_seconds");
        const seconds = fixed.number();
        if (seconds === undefined) continue;
        const from = step.at.at("ttl_from");
        const told = step.extracts.find(({ name }) => name === "expires_in");
        const other = from.exists ? from : told && !used.has(step.name) ? told.at : undefined;
        if (!other) continue;
        report({
          path: fixed.path,
          message: `The values are kept for ${seconds} seconds, whatever \`${from.exists ? "ttl_from" : "expires_in"}\` says of the answer.`,
          label: "this decides",
          help: "Remove `ttl_seconds`, so that a shorter life is obeyed; or remove the other, where the answer is not to be trusted.",
          related: [{ path: other.path, at: "key", message: "not looked at" }],
        });
      }
  },
};
