import type { DeclaredProfile } from "../../lower/declared.ts";
import type { Reference } from "../../lower/lowering.ts";
import type { Rule } from "../rule.ts";

export const chainUnusedCredential: Rule = {
  id: "chain/unused-credential",
  severity: "warning",
  needsWhole: true,
  summary: "A credential that the chain requires and nothing uses.",
  check: ({ declared, lowering }, report) => {
    if (
      declared.operations.some(({ id }) => lowering.hasUnresolved("operation", id)) ||
      declared.profiles.some(({ id }) => lowering.hasUnresolved("profile", id))
    )
      return;
    const places = placesOfUse(lowering.references);
    const settings = new Set(declared.settings.map(({ key }) => key));
    const given = givenKeys(declared.profiles);
    for (const { id, initial, open } of declared.chains) {
      if (open || lowering.hasUnresolved("chain", id)) continue;
      for (const { key, at } of initial) {
        // A name that no profile of the chain gives has a finding of its own.
        if (!given.get(id)?.has(key) && !settings.has(key)) continue;
        const used = places.get(key);
        if (!used?.has(elsewhere) && !used?.has(id))
          report({
            path: at.path,
            message: `Nothing uses \`${key}\`.`,
            help: "Remove it, so that users are not asked for it, or use it in a step.",
          });
      }
    }
  },
};

/** Any place that is no step of a chain. */
const elsewhere = Symbol("elsewhere");

/** The chains that use a credential or setting, by its key: what another does with that name is no use of it here. */
function placesOfUse(
  references: readonly Reference[],
): ReadonlyMap<string, ReadonlySet<string | typeof elsewhere>> {
  const places = new Map<string, Set<string | typeof elsewhere>>();
  for (const { symbol, owner } of references) {
    if (symbol.kind !== "credential" && symbol.kind !== "setting") continue;
    const known = places.get(symbol.key) ?? new Set();
    places.set(symbol.key, known);
    known.add(owner.kind === "chain" ? owner.id : elsewhere);
  }
  return places;
}

/** The fields of the profiles that use a chain, by its id. */
function givenKeys(profiles: readonly DeclaredProfile[]): ReadonlyMap<string, ReadonlySet<string>> {
  const keys = new Map<string, Set<string>>();
  for (const { chain, fields } of profiles) {
    if (!chain) continue;
    const known = keys.get(chain.id) ?? new Set();
    keys.set(chain.id, known);
    for (const { key } of fields) known.add(key);
  }
  return keys;
}
