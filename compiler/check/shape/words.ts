import type { SchemaType, TypeSet } from "./types.ts";

const nouns: { readonly [type in SchemaType]: string } = {
  array: "a list",
  object: "a map",
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  null: "null",
};

/** Types as an author says them: "text or null". */
export function nounOf(types: TypeSet): string {
  const words = [...types]
    .filter((type) => !(type === "integer" && types.has("number")))
    .map((type) => nouns[type]);
  return words.length > 2
    ? `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`
    : words.join(" or ") || "nothing";
}
