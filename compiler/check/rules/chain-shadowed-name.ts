import type { DeclaredChain, DeclaredField, DeclaredProfile } from "../../lower/declare.ts";
import type { Model } from "../../lower/lower.ts";
import type { Rule } from "../rule.ts";

interface Namesake {
  readonly field: DeclaredField;
  readonly what: string;
  readonly qualified: string;
}

export const chainShadowedName: Rule = {
  id: "chain/shadowed-name",
  severity: "warning",
  summary: "An extract with the name of a credential field or a setting.",
  check: ({ declared }, report) => {
    for (const chain of declared.chains)
      for (const { extracts } of chain.steps)
        for (const { name, at } of extracts) {
          const other = namesake(name, chain, declared);
          if (!other) continue;
          report({
            path: at.path,
            at: "key",
            message: `\`${name}\` is also ${other.what}: later steps and placements mean the extract by it, earlier steps and the operations' own texts do not.`,
            label: "meant by later steps and placements",
            help: `Rename one of them. {${other.qualified}.${name}} and {chain.${name}} tell them apart.`,
            related: [{ path: other.field.at.path, message: "meant elsewhere" }],
          });
        }
  },
};

function namesake(
  name: string,
  chain: DeclaredChain,
  { profiles, settings }: Model["declared"],
): Namesake | undefined {
  for (const profile of profiles.filter((one) => one.chain === chain)) {
    const field = profile.fields.find((one) => one.key === name && !isGiven(one, profile));
    if (field) return { field, what: "a credential of the user", qualified: "credentials" };
  }
  const setting = settings.find(({ key }) => key === name);
  return setting && { field: setting, what: "a setting", qualified: "config" };
}

/** Tokens that every OAuth profile takes from elsewhere stand in for the chain: their names are meant to agree. */
function isGiven(field: DeclaredField, profile: DeclaredProfile): boolean {
  return field.implied && field.at === profile.at;
}
