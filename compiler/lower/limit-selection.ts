import type { DeclaredLimit } from "./declared.ts";

/** The indexes of the limits that an operation counts against, by what its `rate_limit_scope` names. */
export type LimitSelection = (wanted: readonly string[] | undefined) => readonly number[];

/**
 * `selectLimits` of the language for thousands of operations and limits: the limits are indexed once, and operations
 * that choose alike share one list.
 */
export function createLimitSelection(limits: readonly DeclaredLimit[]): LimitSelection {
  const unnamed: number[] = [];
  const named = new Map<string, number[]>();
  const scoped = new Map<string, number[]>();
  for (const [index, { name, scope }] of limits.entries()) {
    if (name === undefined) unnamed.push(index);
    const [lists, key] = name === undefined ? [scoped, scope] : [named, name];
    const list = lists.get(key);
    if (list) list.push(index);
    else lists.set(key, [index]);
  }
  return (wanted) => {
    if (wanted === undefined) return unnamed;
    const lists = wanted.flatMap((name) => [named.get(name) ?? scoped.get(name) ?? []]);
    const [only = [], ...others] = lists;
    return others.length === 0 ? only : [...new Set(lists.flat())].sort((a, b) => a - b);
  };
}
