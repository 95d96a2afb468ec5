import type { DeclaredChain, DeclaredField, DeclaredProfile, DeclaredStep } from "../../lower/declared.ts";
import { createFind, groupBy } from "../../lower/find.ts";
import type { Model } from "../../lower/lower.ts";
import type { Owner, Reference } from "../../lower/lowering.ts";
import { isHostContext } from "../../lower/scope.ts";
import type { Pointer } from "../../read/tree.ts";

/** What the names in an owner's templates stand for. */
export interface Lookup {
  profilesOf(owner: Owner): readonly DeclaredProfile[];
  chainsOf(owner: Owner): readonly DeclaredChain[];
  fieldOf(key: string, owner: Owner): DeclaredField | undefined;
  stepOf(name: string, owner: Owner): FoundStep | undefined;
  /** The names that the templates of a step use. */
  usedIn(step: DeclaredStep): readonly Reference[];
  /** True where a URL takes the extract for its host. */
  isAddress(step: string, name: string): boolean;
}

export interface FoundStep {
  readonly chain: DeclaredChain;
  readonly step: DeclaredStep;
}

/** Indexes a descriptor once, so that each question is answered in a step. */
export function createLookup({ declared, lowering, operations }: Model): Lookup {
  const accepted = new Map(operations.map(({ declared: { id }, profiles }) => [id, profiles]));
  const steps = byStep(lowering.references);
  const addresses = new Set(
    lowering.references.flatMap(({ symbol, context }) =>
      symbol.kind === "extract" && isHostContext(context) ? [`${symbol.step} ${symbol.name}`] : [],
    ),
  );
  const profiles = groupBy(declared.profiles, ({ id }) => id);
  const users = groupBy(
    declared.profiles.filter(({ chain }) => chain),
    ({ chain }) => chain?.id ?? "",
  );
  const chains = groupBy(declared.chains, ({ id }) => id);
  const profilesOf: Lookup["profilesOf"] = ({ kind, id }) =>
    (kind === "operation" ? accepted : kind === "profile" ? profiles : users).get(id) ?? [];
  const chainsOf: Lookup["chainsOf"] = (owner) =>
    owner.kind === "chain" ? (chains.get(owner.id) ?? []) : distinctChains(profilesOf(owner));
  return {
    profilesOf,
    chainsOf,
    fieldOf: (key, owner) => {
      for (const { fields } of profilesOf(owner)) {
        const field = findField(fields, key);
        if (field) return field;
      }
      return undefined;
    },
    stepOf: (name, owner) => {
      for (const chain of chainsOf(owner)) {
        const step = findStep(chain.steps, name);
        if (step) return { chain, step };
      }
      return undefined;
    },
    usedIn: ({ at }) => steps.get(keyOf(at.path)) ?? [],
    isAddress: (step, name) => addresses.has(`${step} ${name}`),
  };
}

const findField = createFind<DeclaredField>(({ key }) => key);
const findStep = createFind<DeclaredStep>(({ name }) => name);

function distinctChains(profiles: readonly DeclaredProfile[]): readonly DeclaredChain[] {
  const found = new Set<DeclaredChain>();
  for (const { chain } of profiles) if (chain) found.add(chain);
  return [...found];
}

function byStep(references: readonly Reference[]): ReadonlyMap<string, readonly Reference[]> {
  const found = new Map<string, Reference[]>();
  for (const reference of references) {
    if (reference.owner.kind !== "chain" || reference.path[0] !== "credential_chains") continue;
    const key = keyOf(reference.path);
    const list = found.get(key);
    if (list) list.push(reference);
    else found.set(key, [reference]);
  }
  return found;
}

/** A step by its place in `credential_chains`, or in whatever stands below it. */
function keyOf(path: Pointer): string {
  return path.slice(0, 4).join("/");
}
