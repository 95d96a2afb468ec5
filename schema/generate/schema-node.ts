/** A JSON Schema object as the generator handles it. */
export interface SchemaNode {
  readonly [keyword: string]: unknown;
}

/** Whether a value is an object, and so, in the place of a schema, a schema with keywords. */
export function isSchemaNode(value: unknown): value is SchemaNode {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Keywords whose value maps author-chosen names to schemas. */
const mapsOfSchemas: readonly string[] = ["properties", "patternProperties", "$defs"];
/** Keywords whose value is data, never a schema. */
const data: readonly string[] = ["default", "examples", "enum", "const", "required", "discriminator"];

/** A copy in which `change` has rewritten every schema, the inner ones first. */
export function mapSchemas(schema: SchemaNode, change: (node: SchemaNode) => SchemaNode): SchemaNode {
  const inner = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inner);
    return isSchemaNode(value) ? mapSchemas(value, change) : value;
  };
  const entries = Object.entries(schema).map(([keyword, value]): [string, unknown] => {
    if (data.includes(keyword)) return [keyword, value];
    if (mapsOfSchemas.includes(keyword) && isSchemaNode(value)) return [keyword, mapValues(value, inner)];
    return [keyword, inner(value)];
  });
  return change(Object.fromEntries(entries));
}

/** A copy of an object with each value rewritten. */
export function mapValues(object: SchemaNode, change: (value: unknown, key: string) => unknown): SchemaNode {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}

/** A copy without some keywords. */
export function without(schema: SchemaNode, keywords: readonly string[]): SchemaNode {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !keywords.includes(keyword)));
}
