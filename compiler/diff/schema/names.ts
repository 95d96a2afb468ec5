/** How messages name a schema, and where its keywords stand. */
import type { Pointer } from "../../read/tree.ts";
import type { Located } from "./resolve.ts";
import type { View } from "./view.ts";

/** How messages name a schema: from the parameter or answer, or from the shared schema that it is part of. */
export function nameOf({ at, root }: Located): string {
  let name = root.at.length === 2 && root.at[0] === "schemas" ? String(root.at[1]) : "";
  const way = at.slice(root.at.length);
  for (let index = 0; index < way.length; index++) {
    const part = way[index];
    const next = String(way[index + 1]);
    if (part === "properties") name = join(name, next);
    else if (part === "items") name += "[]";
    else if (part === "prefixItems") name += `[${next}]`;
    else if (part === "additionalProperties" || part === "unevaluatedProperties") name = join(name, "*");
    else if (part === "$defs" || part === "definitions") name = next;
    // These have a name or an index behind them.
    if (typeof part === "string" && named.has(part)) index += 1;
  }
  return name;
}

const named: ReadonlySet<string> = new Set([
  ...["properties", "prefixItems", "$defs", "definitions", "allOf", "anyOf", "oneOf", "patternProperties"],
]);

export function join(way: string, name: string): string {
  return way === "" ? name : `${way}.${name}`;
}

export function whole(way: string): string {
  return way === "" ? "The value" : `\`${way}\``;
}

export function part(way: string): string {
  return way === "" ? "the value" : `\`${way}\``;
}

export function placeOf(of: View, keyword: string): Pointer {
  const [first] = of.keywords.get(keyword) ?? [];
  return first ? [...first.from.at, keyword] : of.at;
}
