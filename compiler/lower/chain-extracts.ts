import type { DeclaredChain } from "./declared.ts";
import { createFindAll } from "./find.ts";
import type { ExtractName } from "./scope.ts";

/** An extract, and the place of its step in the chain. */
export interface PlacedExtract extends ExtractName {
  readonly index: number;
}

/** What a chain's steps extract: a chain of thousands of steps is looked through once, not once for each step. */
export interface ChainExtracts {
  /** In the order of the steps. */
  readonly all: readonly PlacedExtract[];
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
  const all = steps.flatMap((step, index) =>
    step.extracts.map(({ name }): PlacedExtract => ({ step: step.name, name, index })),
  );
  return { all, named: (name) => byName(all, name) };
}

const byName = createFindAll<PlacedExtract>(({ name }) => name);
