/** The first of a list by its name. Long lists are indexed once, when they are first asked. */
export type Find<T> = (list: readonly T[], name: string) => T | undefined;

/** Lists of fewer things are searched. */
const indexedFrom = 12;

/** Finds in lists of one kind of thing; an index lives as long as its list. */
export function createFind<T>(nameOf: (one: T) => string): Find<T> {
  const indexes = new WeakMap<readonly T[], ReadonlyMap<string, T>>();
  return (list, name) => {
    if (list.length < indexedFrom) return list.find((one) => nameOf(one) === name);
    let index = indexes.get(list);
    if (!index) {
      index = new Map(list.toReversed().map((one) => [nameOf(one), one]));
      indexes.set(list, index);
    }
    return index.get(name);
  };
}

/** All of a list by their name, in order. */
export type FindAll<T> = (list: readonly T[], name: string) => readonly T[];

export function createFindAll<T>(nameOf: (one: T) => string): FindAll<T> {
  const indexes = new WeakMap<readonly T[], ReadonlyMap<string, readonly T[]>>();
  return (list, name) => {
    if (list.length < indexedFrom) return list.filter((one) => nameOf(one) === name);
    let index = indexes.get(list);
    if (!index) {
      index = groupBy(list, nameOf);
      indexes.set(list, index);
    }
    return index.get(name) ?? [];
  };
}

/** What has the same key, in order. */
export function groupBy<K, T>(all: readonly T[], keyOf: (one: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}
