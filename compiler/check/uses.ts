import type { ValueSymbol } from "../../schema/ir.ts";
import type { DeclaredProfile } from "../lower/declared.ts";
import { groupBy } from "../lower/find.ts";
import type { Model } from "../lower/lower.ts";
import type { Owner, Reference } from "../lower/lowering.ts";
import type { LoweredOperation } from "../lower/operation.ts";

/** Who uses what in a descriptor: gathered once, so that each rule asks in a step. */
export interface Uses {
  /** The references to a value, in the order in which they were bound; of a credential, those to its members too. */
  readonly of: (symbol: ValueSymbol) => readonly Reference[];
  /** The references in the templates of an owner. */
  readonly by: (owner: Owner) => readonly Reference[];
  /** The operations that a profile may be used for. */
  readonly operationsOf: (profile: DeclaredProfile) => readonly LoweredOperation[];
}

const known = new WeakMap<Model, Uses>();

export function usesOf(model: Model): Uses {
  const before = known.get(model);
  if (before) return before;
  const uses = gather(model);
  known.set(model, uses);
  return uses;
}

function gather({ lowering, operations }: Model): Uses {
  const bySymbol = groupBy(lowering.references, ({ symbol }) => symbolKey(symbol));
  const byOwner = groupBy(lowering.references, ({ owner }) => ownerKey(owner));
  const byProfile = new Map<DeclaredProfile, LoweredOperation[]>();
  for (const operation of operations)
    for (const profile of operation.profiles) {
      const users = byProfile.get(profile);
      if (users) users.push(operation);
      else byProfile.set(profile, [operation]);
    }
  return {
    of: (symbol) => bySymbol.get(symbolKey(symbol)) ?? [],
    by: (owner) => byOwner.get(ownerKey(owner)) ?? [],
    operationsOf: (profile) => byProfile.get(profile) ?? [],
  };
}

function ownerKey({ kind, id }: Owner): string {
  return `${kind} ${id}`;
}

function symbolKey(symbol: ValueSymbol): string {
  switch (symbol.kind) {
    case "credential":
    case "setting":
      return `${symbol.kind} ${symbol.key}`;
    case "extract":
      return `extract ${symbol.step}\n${symbol.name}`;
    case "request":
      return `request ${symbol.part}`;
    case "token":
      return "token";
    default:
      return `${symbol.kind} ${symbol.name}`;
  }
}
