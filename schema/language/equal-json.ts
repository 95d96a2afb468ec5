import type { Json } from "../ir.ts";

/** Deep equality of an author's value with a decoded one. It goes no deeper than what the author wrote. */
export function equalJson(wanted: Json, found: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null) return wanted === found;
  if (typeof found !== "object" || found === null || Array.isArray(wanted) !== Array.isArray(found))
    return false;
  const keys = Object.keys(wanted);
  if (keys.length !== Object.keys(found).length) return false;
  return keys.every(
    (key) =>
      Object.hasOwn(found, key) &&
      // Both are objects that own the key; lists are read by their indexes.
      equalJson((wanted as Record<string, Json>)[key] as Json, (found as Record<string, unknown>)[key]),
  );
}
