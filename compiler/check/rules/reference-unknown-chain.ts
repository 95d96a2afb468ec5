import { closest, list } from "../../../schema/language/spelling.ts";
import type { Rule } from "../rule.ts";

export const referenceUnknownChain: Rule = {
  id: "reference/unknown-chain",
  severity: "error",
  summary: "`credential_chain_id` names no chain of this descriptor.",
  check: ({ declared }, report) => {
    if (declared.open.chains) return;
    const known = declared.chains.flatMap(({ id, at }) => (at.has("chain_id") ? [id] : []));
    for (const { at, chain } of declared.profiles) {
      const ref = at.at("credential_chain_id");
      const name = ref.string();
      if (name === undefined || chain) continue;
      const meant = closest(name, known);
      report({
        path: ref.path,
        message: `There is no credential chain \`${name}\`.`,
        help: meant
          ? `Did you mean \`${meant}\`?`
          : known.length > 0
            ? `The chains are ${list(known)}.`
            : "Declare it under `credential_chains` with this `chain_id`.",
        ...(meant ? { replace: meant } : {}),
      });
    }
  },
};
