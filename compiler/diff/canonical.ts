/** JSON text with sorted keys: two values are the same data where their texts are equal. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(",")}}`;
}

export function same(a: unknown, b: unknown): boolean {
  return a === b || canonical(a) === canonical(b);
}

/** What only the first list has, what only the second has. */
export function difference<T>(
  old: readonly T[],
  now: readonly T[],
): { readonly removed: readonly T[]; readonly added: readonly T[] } {
  const before = new Set(old.map(canonical));
  const after = new Set(now.map(canonical));
  return {
    removed: old.filter((item) => !after.has(canonical(item))),
    added: now.filter((item) => !before.has(canonical(item))),
  };
}

/** The own member of a map whose keys an author chose: `toString` is a name like any other. */
export function own<V>(map: { readonly [key: string]: V }, key: string): V | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
