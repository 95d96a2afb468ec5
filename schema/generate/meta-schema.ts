import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { isSchemaNode, mapSchemas, type SchemaNode } from "./schema-node.ts";

const vocabularies = [
  "core",
  "applicator",
  "unevaluated",
  "validation",
  "meta-data",
  "format-annotation",
  "content",
];

/**
 * The meta-schema of JSON Schema 2020-12 as one schema. The published one composes its vocabularies by
 * `$dynamicRef`, so that others can extend it; nobody extends this copy, so each points back at the root.
 */
export async function metaSchema(): Promise<SchemaNode> {
  const parts = await Promise.all(vocabularies.map(readVocabulary));
  const merged = (keyword: string): SchemaNode =>
    Object.assign({}, ...parts.map((part) => part[keyword] ?? {}));
  const whole: SchemaNode = {
    $id: "https://connectorc.dev/schema/v1/json-schema.schema.json",
    type: ["object", "boolean"],
    properties: merged("properties"),
    $defs: merged("$defs"),
  };
  return mapSchemas(whole, plain);
}

/** ajv ships the published files. */
async function readVocabulary(name: string): Promise<SchemaNode> {
  const path = createRequire(import.meta.url).resolve(`ajv/dist/refs/json-schema-2020-12/meta/${name}.json`);
  const value: unknown = JSON.parse(await readFile(path, "utf8"));
  if (!isSchemaNode(value)) throw new Error(`the vocabulary ${name} is no schema`);
  return value;
}

function plain(node: SchemaNode): SchemaNode {
  const { $dynamicRef, format: _format, default: _default, ...rest } = node;
  return typeof $dynamicRef === "string" ? { ...rest, $ref: "#" } : rest;
}
