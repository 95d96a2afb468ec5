/** Keys of the language among the names that a request sends. */
import type { Report } from "../diagnostics.ts";
import type { Entry, MapNode, Pointer } from "../read/tree.ts";
import { fits, innerShapes, knows, legalKeys, type Place, titleOf } from "./place.ts";
import { property, resolve, type Shape } from "./shape.ts";

/**
 * Warns of `timeout_ms` among headers: it would be sent, and not obeyed. Only of what stands one level too deep: the map
 * around knows the key, does not have it, and takes such a value. Whether the API has such a name cannot be known.
 */
export function tellLanguageKeys(node: MapNode, path: Pointer, outer: Place, report: Report): void {
  const section = String(path.at(-1));
  if (section !== "headers" && section !== "query" && section !== "query_params") return;
  for (const entry of node.entries) {
    const owner = ownerOf(entry, section, outer);
    if (!owner) continue;
    report({
      rule: "structure/sent-key",
      path: [...path, entry.key],
      at: "key",
      span: entry.keySpan,
      message: `\`${entry.key}\` is sent as a ${section === "headers" ? "header" : "query parameter"} here; it is a key of the ${owner}.`,
      label: "sent, not obeyed",
      help: `Move it to the ${owner}. Where the API has such a name, ignore this finding, with that as the reason.`,
    });
  }
}

/** The section that a key was meant for. One that the section must have is told of as missing from there. */
function ownerOf({ key, value }: Entry, section: string, { shape, keys }: Place): string | undefined {
  if (value.kind !== "scalar" || (shape.required?.includes(key) && !keys.has(key))) return undefined;
  if (section === "headers" ? /[A-Z-]/.test(key) : !isPlainlyOurs(key)) return undefined;
  if (knows(shape, key)) return keys.has(key) || !takes(shape, key, value) ? undefined : titleOf(shape);
  if (!key.includes("_")) return undefined;
  const inner = innerShapes(shape, false).find((below) => takes(below.shape, key, value));
  return inner && legalKeys(shape).includes(inner.key) ? titleOf(inner.shape) : undefined;
}

/** Names that no API is likely to have among its query parameters. */
function isPlainlyOurs(key: string): boolean {
  return /_(?:ms|ref|path|param|scope|schema|effecting|headers|attempts)$|^operation_id$/.test(key);
}

function takes(shape: Shape, key: string, value: Entry["value"]): boolean {
  const target = property(shape, key);
  return target !== undefined && fits(value, resolve(target));
}
