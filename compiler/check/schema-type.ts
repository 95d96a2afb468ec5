import type { DeclaredParameter } from "../lower/declared.ts";

const compatible: { readonly [type: string]: readonly string[] } = {
  string: ["string", "secret", "password", "date", "datetime", "file"],
  integer: ["integer", "number"],
  // Every integer is a number to JSON Schema.
  number: ["number", "integer"],
  boolean: ["boolean"],
  array: ["array"],
  object: ["object"],
};

/** The types of a parameter's schema, where none of them can be its `field_type`; a `json` parameter takes any. */
export function conflictingTypes({ at, type }: DeclaredParameter): readonly string[] | undefined {
  const types = at
    .at("schema")
    .at("type")
    .itemsOrSelf()
    .flatMap((item) => item.string() ?? []);
  if (types.length === 0 || type === "json") return undefined;
  return types.some((one) => one !== "null" && (compatible[one] ?? []).includes(type)) ? undefined : types;
}

/** True for a `type` of JSON Schema that a `field_type` can say. */
export function isSayable(type: string): boolean {
  return Object.hasOwn(compatible, type);
}
