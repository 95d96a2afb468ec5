import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { isSchemaNode, mapSchemas, type SchemaNode } from "../../schema/generate/schema-node.ts";
import { database, everyAddedField, everyCoreField, upstream } from "./whole-descriptors.ts";

const url = new URL("../../schema/descriptor.schema.json", import.meta.url);
const schema: SchemaNode = JSON.parse(readFileSync(url, "utf8"));
const accepts = new Ajv2020({ strict: false, allErrors: true }).compile(schema);

function problems(text: string): unknown {
  accepts(parse(text));
  return accepts.errors;
}

/** `Name.key` of every property anywhere in the schema, with the property's own schema. */
function properties(): readonly (readonly [string, SchemaNode])[] {
  const found: (readonly [string, SchemaNode])[] = [];
  mapSchemas(schema, (node) => {
    for (const [key, value] of Object.entries(isSchemaNode(node.properties) ? node.properties : {})) {
      // A bare constraint inside `anyOf` describes no property of its own.
      if (isSchemaNode(value) && node.title !== undefined)
        found.push([`${String(node.title)}.${key}`, value]);
    }
    return node;
  });
  return found;
}

describe("the JSON Schema of a descriptor", () => {
  it("explains every property", () => {
    const silent = properties().filter(([, value]) => String(value.description ?? "").length < 10);
    expect(silent.map(([name]) => name)).toEqual([]);
    expect(properties().length).toBeGreaterThan(250);
  });

  it("closes every map of known keys, but for keys that begin with x-", () => {
    const open: unknown[] = [];
    mapSchemas(schema, (node) => {
      const isSection = isSchemaNode(node.properties) && node.title !== undefined;
      if (isSection && (node.additionalProperties !== false || !isSchemaNode(node.patternProperties)))
        open.push(node.title);
      return node;
    });
    expect(open).toEqual([]);
  });

  it.each([
    ["every field of the core", everyCoreField],
    ["every added field", everyAddedField],
    ["a database without operations", database],
    ["tools of an MCP server", upstream],
  ])("accepts %s", (_name, text) => expect(problems(text)).toBeNull());

  it("has a place in the whole descriptors for every property", () => {
    const written = new Set(
      [everyCoreField, everyAddedField, database, upstream].flatMap((text) => keysOf(parse(text))),
    );
    const reserved = (value: SchemaNode): boolean => value["x-reserved"] === true;
    const unseen = properties().filter(
      ([name, value]) => !reserved(value) && !written.has(name.split(".").at(-1) ?? ""),
    );
    expect(unseen.map(([name]) => name)).toEqual([]);
  });

  it.each([
    ["metadata", "name", "ab"],
    ["metadata", "name", "x".repeat(201)],
    ["metadata", "slug", "ab"],
    ["metadata", "slug", "A-b-c"],
    ["metadata", "slug", "x".repeat(101)],
    ["metadata", "description", "too short"],
    ["metadata", "description", "x".repeat(2001)],
    ["metadata", "summary", "x".repeat(301)],
    ["metadata", "publisher", "x"],
    ["metadata", "publisher", "x".repeat(201)],
    ["metadata", "version", "1.0"],
    ["metadata", "categories", ["crm"]],
    ["metadata", "documentation_url", "docs"],
    ["sla", "availability_percentage", 101],
    ["sla", "error_budget_percentage", -1],
    ["capabilities", "sync_modes", ["full"]],
    ["mcp_config", "server_name", ""],
    ["mcp_config", "server_description", "x".repeat(501)],
  ])("refuses a wrong %s.%s", (section, key, value) => {
    const document = parse(everyCoreField);
    document[section][key] = value;
    expect(accepts(document)).toBe(false);
  });
});

function keysOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  if (!isSchemaNode(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)]);
}
