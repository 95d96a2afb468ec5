/** Keys of the language among the names that a request sends. */
import type { Report } from "../diagnostics.ts";
import type { Entry, MapNode, Pointer } from "../read/tree.ts";
import { fits, innerShapes, knows, legalKeys, type Place, titleOf } from "./place.ts";
import { property, resolve, type Shape } from "./shape.ts";
import { isValueless } from "./valueless.ts";

/**
 * Warns of `timeout_ms` among headers: it would be sent, and not obeyed. Only of what stands one level too deep: the map
 * around knows the key, does not have it, and takes such a value. Whether the API has such a name cannot be known. And of
 * a name whose value is null, which is never sent.
 */
export function tellWireMap(node: MapNode, path: Pointer, outer: Place, report: Report): void {
  const section = String(path.at(-1));
  if (!sections.has(section)) return;
  const kind = section.endsWith("headers")
    ? "header"
    : section === "auth_cookies"
      ? "cookie"
      : "query parameter";
  for (const entry of node.entries) {
    const owner = ownerOf(entry, section, outer);
    const isNull = entry.value.kind === "scalar" && entry.value.value === null && !isValueless(entry);
    const place = { path: [...path, entry.key], at: "key", span: entry.keySpan } as const;
    if (owner)
      report({
        rule: "structure/sent-key",
        ...place,
        message: `\`${entry.key}\` is ${isNull ? "" : "sent as "}a ${kind} here; it is a key of the ${owner}.`,
        label: isNull ? "one level too deep" : "sent, not obeyed",
        help: `Move it to the ${owner}. Where the API has such a name, ignore this finding, with that as the reason.`,
      });
    else if (isNull)
      report({
        rule: "structure/null-entry",
        ...place,
        message: `The ${kind} \`${entry.key}\` is null, and so it is never sent.`,
        label: "has no value",
        help: 'Give it a value, or remove it; for an empty one write "".',
      });
  }
}

const sections: ReadonlySet<string> = new Set([
  "headers",
  "query",
  "query_params",
  "auth_headers",
  "auth_query",
  "auth_cookies",
]);

/** The section that a key was meant for. One that the section must have is told of as missing from there. */
function ownerOf({ key, value }: Entry, section: string, { shape, keys }: Place): string | undefined {
  if (value.kind !== "scalar" || (shape.required?.includes(key) && !keys.has(key))) return undefined;
  // `retry:` without a value among headers is the head of a section that stands too deep.
  if (value.value === null && key.length > 3 && knows(shape, key) && !keys.has(key) && isSection(shape, key))
    return titleOf(shape);
  if (section.endsWith("headers") ? /[A-Z-]/.test(key) : !isPlainlyOurs(key)) return undefined;
  if (knows(shape, key)) return keys.has(key) || !takes(shape, key, value) ? undefined : titleOf(shape);
  if (!key.includes("_")) return undefined;
  const inner = innerShapes(shape, false).find((below) => takes(below.shape, key, value));
  return inner && legalKeys(shape).includes(inner.key) ? titleOf(inner.shape) : undefined;
}

/** A key whose value is a map or a list. */
function isSection(shape: Shape, key: string): boolean {
  const { type, properties, items } = resolve(property(shape, key) ?? {});
  return properties !== undefined || items !== undefined || type === "object" || type === "array";
}

/** Names that no API is likely to have among its query parameters. */
function isPlainlyOurs(key: string): boolean {
  return /_(?:ms|ref|path|param|scope|schema|effecting|headers|attempts)$|^operation_id$/.test(key);
}

function takes(shape: Shape, key: string, value: Entry["value"]): boolean {
  const target = property(shape, key);
  return target !== undefined && fits(value, resolve(target));
}
