import type { Cursor } from "../../lower/cursor.ts";
import type { DeclaredField, DeclaredProfile } from "../../lower/declared.ts";
import { groupBy } from "../../lower/find.ts";
import { afterChain, replacing } from "../../lower/oauth-after.ts";
import type { Rule } from "../rule.ts";

interface Namesake {
  readonly field: DeclaredField;
  readonly what: string;
  readonly qualified: string;
}

export const chainShadowedName: Rule = {
  id: "chain/shadowed-name",
  severity: "warning",
  summary: "An extract with the name of a credential field, of a setting or of what a login gave before.",
  check: ({ declared }, report) => {
    const settings = new Map(declared.settings.toReversed().map((field) => [field.key, field]));
    const users = groupBy(declared.profiles, ({ chain }) => chain);
    for (const chain of declared.chains) {
      const fields = givenFields(users.get(chain) ?? []);
      for (const { extracts } of chain.steps)
        for (const { name, at } of extracts) {
          const other = namesake(name, fields, settings);
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
    }
    for (const profile of declared.profiles) {
      const fields = givenFields([profile]);
      const received = receivedNames(profile);
      for (const { name, at } of afterChain(profile).steps.flatMap(({ extracts }) => extracts)) {
        const first = received.get(name);
        if (first && !replacing.has(name)) report(secondOf(name, at, first));
        received.set(name, at);
        const other = replacing.has(name) || first ? undefined : namesake(name, fields, settings);
        if (!other) continue;
        // Of a placement's bare names, a credential comes before what a login gave, and a setting after it.
        const places = fields.has(name) ? "later steps" : "later steps and placements";
        report({
          path: at.path,
          at: "key",
          message: `\`${name}\` is also ${other.what}: ${places} mean the extract by it, everything else does not.`,
          label: `meant by ${places}`,
          help: `Rename one of them. {${other.qualified}.${name}} tells it from {chain.${name}} in later steps and from {oauth.${name}} elsewhere.`,
          related: [{ path: other.field.at.path, message: "meant elsewhere" }],
        });
      }
    }
  },
};

/** What the token answer and the redirect of a login give, by name. */
function receivedNames({ at }: DeclaredProfile): Map<string, Cursor> {
  const oauth = at.at("oauth");
  return new Map([...oauth.at("extract").entries(), ...oauth.at("callback").at("extract").entries()]);
}

function secondOf(name: string, at: Cursor, first: Cursor): Parameters<Parameters<Rule["check"]>[1]>[0] {
  return {
    path: at.path,
    at: "key",
    message: `\`${name}\` has been extracted before: {oauth.${name}} can mean but one of them.`,
    label: "the second of this name",
    help: "Rename one of them.",
    related: [{ path: first.path, at: "key", message: "the first one" }],
  };
}

type Fields = ReadonlyMap<string, DeclaredField>;

function namesake(name: string, fields: Fields, settings: Fields): Namesake | undefined {
  const field = fields.get(name);
  if (field) return { field, what: "a credential of the user", qualified: "credentials" };
  const setting = settings.get(name);
  return setting && { field: setting, what: "a setting", qualified: "config" };
}

/** What the users of the profiles give, by the first field of each name. */
function givenFields(profiles: readonly DeclaredProfile[]): Fields {
  const found = new Map<string, DeclaredField>();
  for (const profile of profiles)
    for (const field of profile.fields)
      if (!found.has(field.key) && !isGiven(field, profile)) found.set(field.key, field);
  return found;
}

/** Tokens that every OAuth profile takes from elsewhere stand in for the chain: their names are meant to agree. */
function isGiven(field: DeclaredField, profile: DeclaredProfile): boolean {
  return field.implied && field.at === profile.at;
}
