/** Names of one scope: the first to ask keeps a name, a later one or a reserved one gets `_` at its end. */
export interface NamePool {
  take(name: string): string;
}

/** A scope in which the reserved names are taken. */
export function createNamePool(reserved: Iterable<string>): NamePool {
  const taken = new Set(reserved);
  return {
    take(name) {
      let free = name;
      while (taken.has(free)) free += "_";
      taken.add(free);
      return free;
    },
  };
}
