import { type SchemaNode, without } from "./schema-node.ts";

/**
 * What a validator needs of a schema. Closed maps are open here, as the compiler judges keys itself, before and better (`compiler/validate/keys.ts`).
 */
export function judged(node: SchemaNode): SchemaNode {
  const kept = without(node, annotations);
  return kept.additionalProperties === false ? without(kept, ["additionalProperties"]) : kept;
}

const annotations: readonly string[] = [
  "title",
  "description",
  "default",
  "examples",
  "patternErrorMessage",
  "patternProperties",
  "x-reserved",
];
