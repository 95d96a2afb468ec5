/** Merge keys of YAML 1.1 (`<<: *common`), which documents of others use; descriptors do not know them. */
import type { Entry, Node } from "./tree.ts";

/**
 * The entries that the value of a merge key adds to a map: those of a map, or of the maps of a list, of which the first
 * one that has a key wins. Undefined where the value is nothing that can be merged.
 */
export function mergedEntries(value: Node): readonly Entry[] | undefined {
  if (value.kind === "map") return value.entries;
  if (value.kind !== "list") return undefined;
  const found = new Map<string, Entry>();
  for (const item of value.items) {
    if (item.kind !== "map") return undefined;
    for (const entry of item.entries) if (!found.has(entry.key)) found.set(entry.key, entry);
  }
  return [...found.values()];
}
