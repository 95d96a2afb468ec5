/** A tree of members to keep; an empty map keeps all below. */
export type FieldTree = ReadonlyMap<string, FieldTree>;

/** Dotted paths as one tree: `owner` and `owner.name` together keep all of `owner`. */
export function fieldTree(paths: readonly string[]): FieldTree {
  const root = new Map<string, FieldTree>();
  for (const path of [...paths].sort((left, right) => left.length - right.length))
    plant(root, path.split("."));
  return root;
}

function plant(root: Map<string, FieldTree>, path: readonly string[]): void {
  let at = root;
  for (const [index, name] of path.entries()) {
    const known = at.get(name);
    // A shorter path keeps all of it already.
    if (known?.size === 0) return;
    const next = new Map<string, FieldTree>(known);
    at.set(name, next);
    at = next;
    if (index === path.length - 1) return;
  }
}

/** The value with those members alone; lists are looked through. */
export function project(value: unknown, tree: FieldTree): unknown {
  if (tree.size === 0 || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => project(one, tree));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const below = tree.get(key);
      return below ? [[key, project(inner, below)]] : [];
    }),
  );
}

/** Names of the members that a value has, for a caller who asked for others. */
export function memberNames(value: unknown): readonly string[] {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return typeof one === "object" && one !== null ? Object.keys(one) : [];
}
