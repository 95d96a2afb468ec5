import type { Rule } from "../rule.ts";

export const chainUnused: Rule = {
  id: "chain/unused",
  severity: "warning",
  needsWhole: true,
  summary: "A credential chain that no profile uses.",
  check: ({ declared, lowering }, report) => {
    const { chains, profiles, root, open } = declared;
    // A reference that leads nowhere may mean this one.
    const lost = root
      .at("authentication")
      .items()
      .some(({ path }) => lowering.lostKey(path) || lowering.isBroken([...path, "credential_chain_id"]));
    if (open.profiles || open.chains || lost) return;
    if (profiles.some(({ at, chain }) => at.has("credential_chain_id") && !chain)) return;
    const seen = new Set<string>();
    const used = new Set(profiles.map(({ chain }) => chain));
    for (const chain of chains) {
      // The second chain of one id is a finding of its own.
      const twin = seen.has(chain.id);
      seen.add(chain.id);
      if (twin || used.has(chain)) continue;
      report({
        path: chain.at.has("chain_id") ? [...chain.at.path, "chain_id"] : chain.at.path,
        ...(chain.at.has("chain_id") ? {} : { at: "missing" as const }),
        message: chain.at.has("chain_id")
          ? `No profile uses the chain \`${chain.id}\`.`
          : "No profile can use this chain: it has no `chain_id`.",
        help: "Name it in the `credential_chain_id` of a profile, or remove it.",
      });
    }
  },
};
