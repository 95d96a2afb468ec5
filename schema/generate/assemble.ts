import { parse } from "yaml";
import { isSchemaNode, mapSchemas, type SchemaNode } from "./schema-node.ts";

const id = "https://connectorc.dev/schema/v1/descriptor.schema.json";
const extensionKeys: SchemaNode = { "^x-": { description: "An author's own key; it is kept, untouched." } };

/**
 * One JSON Schema from the parts. In a part, `$ref: Name` refers to a definition of any part, an object that
 * lists its properties is closed but for `x-` keys, and a top-level key that begins with a dot is no definition.
 */
export function assemble(parts: readonly string[]): SchemaNode {
  const definitions = new Map<string, SchemaNode>();
  for (const part of parts) collect(part, definitions);
  const rewritten = [...definitions].map(([name, schema]): [string, SchemaNode] => [
    name,
    mapSchemas(schema, (node) => closed(resolved(node, definitions))),
  ]);
  const { Descriptor, ...$defs } = Object.fromEntries(rewritten);
  if (!Descriptor) throw new Error("no part defines Descriptor");
  return { $schema: "https://json-schema.org/draft/2020-12/schema", $id: id, ...Descriptor, $defs };
}

function collect(text: string, definitions: Map<string, SchemaNode>): void {
  const part: unknown = parse(text, { merge: true });
  if (!isSchemaNode(part)) throw new Error("a part must be a map of definitions");
  for (const [name, schema] of Object.entries(part)) {
    if (name.startsWith(".")) continue;
    if (definitions.has(name) || !isSchemaNode(schema))
      throw new Error(`${name} is defined twice or is no schema`);
    definitions.set(name, schema);
  }
}

function resolved(node: SchemaNode, definitions: ReadonlyMap<string, SchemaNode>): SchemaNode {
  if (typeof node.$ref !== "string") return node;
  if (!definitions.has(node.$ref)) throw new Error(`no part defines ${node.$ref}`);
  return { ...node, $ref: `#/$defs/${node.$ref}` };
}

function closed(node: SchemaNode): SchemaNode {
  const isAlternative = node.type === undefined;
  if (!isSchemaNode(node.properties) || "additionalProperties" in node || isAlternative) return node;
  return { ...node, patternProperties: extensionKeys, additionalProperties: false };
}
