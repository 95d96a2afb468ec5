import type { Finding } from "../../diagnostics.ts";
import type { DeclaredStep } from "../../lower/declared.ts";
import { groupBy } from "../../lower/find.ts";
import { given } from "../../lower/json.ts";
import { afterChain, replacing } from "../../lower/oauth-after.ts";
import { lifeExtract } from "../../lower/step.ts";
import type { Rule } from "../rule.ts";

export const chainUnusedExtract: Rule = {
  id: "chain/unused-extract",
  severity: "warning",
  needsWhole: true,
  summary: "An extract that nothing uses.",
  check: ({ declared, lowering }, report) => {
    if (declared.operations.some(({ id }) => lowering.hasUnresolved("operation", id))) return;
    const users = groupBy(declared.profiles, ({ chain }) => chain);
    const used = new Set(
      lowering.references.flatMap(({ symbol }) =>
        symbol.kind === "extract" ? [`${symbol.step}\n${symbol.name}`] : [],
      ),
    );
    const fields = new Set(declared.operations.map(({ at }) => at.at("credential_field").string()));
    for (const chain of declared.chains) {
      // A name that could not be bound may be the one.
      if (
        chain.open ||
        lowering.hasUnresolved("chain", chain.id) ||
        users.get(chain)?.some(({ id }) => lowering.hasUnresolved("profile", id))
      )
        continue;
      const last = chain.steps.at(-1);
      for (const step of chain.steps) {
        // A life that names no extract may mean this one.
        const life = lifeExtract(step);
        if (life !== undefined && step.at.has("ttl_from") && !step.extracts.some(({ name }) => name === life))
          continue;
        for (const { name, at } of step.extracts) {
          // A wrong final credential is its own rule's finding.
          const final =
            step === last && (name === chain.final || !last.extracts.some((e) => e.name === chain.final));
          const field = fields.has(name);
          if (used.has(`${step.name}\n${name}`) || final || field || name === life || name === "expires_in")
            continue;
          report(unused({ name, at }, "Remove it, or use it in a later step or a placement."));
        }
      }
    }
    const named = new Set(
      lowering.references.flatMap(({ symbol }) => (symbol.kind === "oauth" ? [symbol.name] : [])),
    );
    for (const profile of declared.profiles) {
      // A chain takes the place of the whole `oauth` section.
      if (profile.at.has("credential_chain_id")) continue;
      const after = afterChain(profile);
      // A name that could not be bound may be the one.
      if (lowering.hasUnresolved("chain", after.id) || lowering.hasUnresolved("profile", profile.id))
        continue;
      for (const step of after.steps) {
        const life = lifeExtract(step);
        for (const extract of step.extracts) {
          const { name } = extract;
          const isRead = used.has(`${step.name}\n${name}`) || named.has(name) || fields.has(name);
          if (isRead || replacing.has(name) || name === life) continue;
          report(unused(extract, `Remove it, or use it: {oauth.${name}}.`));
        }
      }
    }
  },
};

function unused({ name, at }: DeclaredStep["extracts"][number], help: string): Omit<Finding, "rule"> {
  const yields = at.node?.span;
  return { path: at.path, at: "key", message: `Nothing uses \`${name}\`.`, help, ...given("yields", yields) };
}
