import { same } from "./canonical.ts";

/** A comparer for every field of a type, so that a field that the IR gains cannot be forgotten here. */
export type FieldTable<T> = {
  readonly [K in keyof Required<T>]: ((old: T[K] | undefined, now: T[K] | undefined) => void) | "elsewhere";
};

/** Calls the comparer of each field that differs. `elsewhere` says that a field is judged with another. */
export function compareFields<T extends object>(old: T, now: T, table: FieldTable<T>): void {
  // The table has exactly the keys of T: its type says so, `Object.keys` does not.
  for (const key of Object.keys(table) as (keyof T)[]) {
    const compare = table[key];
    if (compare !== "elsewhere" && !same(old[key], now[key])) compare(old[key], now[key]);
  }
}

/** Members of two lists by a key, each with its index: those of both, of the old alone, of the new alone. */
export interface Matched<T> {
  readonly both: readonly { readonly old: T; readonly new: T; readonly from: number; readonly to: number }[];
  readonly removed: readonly { readonly item: T; readonly from: number }[];
  readonly added: readonly { readonly item: T; readonly to: number }[];
}

/**
 * Pairs members by `keyOf`, then what is left by `renamedKey`, where that is one of each alone: the same thing under
 * another name.
 */
export function matchLists<T>(
  old: readonly T[],
  now: readonly T[],
  keyOf: (item: T) => string,
  renamedKey?: (item: T) => string,
): Matched<T> {
  const places = new Map(now.map((item, to) => [keyOf(item), { item, to }]));
  const taken = new Set<number>();
  const both: Matched<T>["both"][number][] = [];
  const removed: { item: T; from: number }[] = [];
  for (const [from, item] of old.entries()) {
    const found = places.get(keyOf(item));
    if (found && !taken.has(found.to)) {
      taken.add(found.to);
      both.push({ old: item, new: found.item, from, to: found.to });
    } else removed.push({ item, from });
  }
  const added = now.flatMap((item, to) => (taken.has(to) ? [] : [{ item, to }]));
  if (!renamedKey || removed.length === 0 || added.length === 0) return { both, removed, added };
  const [before, after] = [onlyOnes(removed, renamedKey), onlyOnes(added, renamedKey)];
  const renamed = [...before].flatMap(([key, gone]) => {
    const come = after.get(key);
    return come ? [{ gone, come }] : [];
  });
  const [left, right] = [new Set(renamed.map(({ gone }) => gone)), new Set(renamed.map(({ come }) => come))];
  return {
    both: [
      ...both,
      ...renamed.map(({ gone, come }) => ({ old: gone.item, new: come.item, from: gone.from, to: come.to })),
    ],
    removed: removed.filter((one) => !left.has(one)),
    added: added.filter((one) => !right.has(one)),
  };
}

/** Members by their key, without those that share one. */
function onlyOnes<T, M extends { readonly item: T }>(
  members: readonly M[],
  keyOf: (item: T) => string,
): ReadonlyMap<string, M> {
  const found = new Map<string, M>();
  const shared = new Set<string>();
  for (const member of members) {
    const key = keyOf(member.item);
    if (found.has(key)) shared.add(key);
    found.set(key, member);
  }
  for (const key of shared) found.delete(key);
  return found;
}

/** True where the members that both lists have stand in another order. */
export function isReordered({ both }: Matched<unknown>): boolean {
  const places = [...both].sort((a, b) => a.from - b.from).map(({ to }) => to);
  return places.some((to, index) => index > 0 && to < (places[index - 1] ?? 0));
}
