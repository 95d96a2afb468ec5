import type { DeclaredChain } from "./declared.ts";
import type { ExtractName } from "./scope.ts";

/** An extract, and the place of its step in the chain. */
export interface PlacedExtract extends ExtractName {
  readonly index: number;
}

/** What a chain's steps extract: a chain of thousands of steps is looked through once, not once for each step. */
export interface ChainExtracts {
  /** In the order of the steps. */
  readonly all: readonly ExtractName[];
  named(name: string): readonly PlacedExtract[];
}

const known = new WeakMap<DeclaredChain, ChainExtracts>();

export function chainExtracts(chain: DeclaredChain): ChainExtracts {
  let found = known.get(chain);
  if (!found) {
    found = gather(chain);
    known.set(chain, found);
  }
  return found;
}

function gather({ steps }: DeclaredChain): ChainExtracts {
  const all: ExtractName[] = [];
  const byName = new Map<string, PlacedExtract[]>();
  for (const [index, step] of steps.entries())
    for (const { name } of step.extracts) {
      const one = { step: step.name, name };
      all.push(one);
      const same = byName.get(name);
      if (same) same.push({ ...one, index });
      else byName.set(name, [{ ...one, index }]);
    }
  return { all, named: (name) => byName.get(name) ?? [] };
}
