import { adviseName } from "../meant.ts";
import type { Rule } from "../rule.ts";

export const referenceUnknownChain: Rule = {
  id: "reference/unknown-chain",
  severity: "error",
  blocking: true,
  summary: "`credential_chain_id` names no chain of this descriptor.",
  check: ({ declared }, report) => {
    if (declared.open.chains) return;
    const known = declared.chains.flatMap(({ id, at }) =>
      at.has("chain_id") ? [{ name: id, path: [...at.path, "chain_id"] }] : [],
    );
    for (const { at, chain } of declared.profiles) {
      const ref = at.at("credential_chain_id");
      const name = ref.string();
      if (name === undefined || chain) continue;
      report({
        path: ref.path,
        message: `There is no credential chain \`${name}\`.`,
        label: "no such chain",
        cause: name,
        ...adviseName(name, { value: ref }, known, (shown) =>
          shown ? `The chains are ${shown}.` : "Declare it under `credential_chains` with this `chain_id`.",
        ),
      });
    }
  },
};
