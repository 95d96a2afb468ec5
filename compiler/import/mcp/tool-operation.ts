import type { Operation, Parameter } from "../../../schema/descriptor.ts";
import type { Json, JsonObject } from "../../../schema/ir.ts";
import type { ForeignTool } from "../../../schema/mcp/upstream-tool.ts";
import { Names, snakeCase, templateName } from "../names.ts";
import type { Notes } from "../notes.ts";
import { isMap, listAt } from "../plain-data.ts";
import { longText, oneLine, shortText } from "../prose.ts";
import type { ToolSchemas } from "./schemas.ts";

interface Place {
  readonly hash: string;
  readonly profile: string;
  readonly ids: Names;
  readonly schemas: ToolSchemas;
  readonly notes: Notes;
  /** JSON Pointer of the tool. */
  readonly at: string;
}

/** A tool as an operation: its arguments are parameters, its output schema that of the answer, its annotations what a call may do. */
export function toolOperation(tool: ForeignTool, place: Place): Operation {
  const { ids, profile, hash, schemas, notes, at } = place;
  const { name, title, description, inputSchema, outputSchema, annotations = {} } = tool;
  const id = ids.take(snakeCase(name) || "tool");
  const summary = shortText(title ?? sentenceOf(description) ?? name, 200) ?? name.slice(0, 200);
  const text = longText(description, 10_000);
  const reads = annotations.readOnlyHint === true;
  const parameters = parametersOf(inputSchema, id, schemas);
  const made: Operation = {
    operation_id: id,
    tool: { name, hash },
    summary,
    ...(text === undefined || oneLine(text) === summary ? {} : { description: text }),
    auth_type_ref: profile,
    // MCP 2026-07-28, ToolAnnotations: what does not read may destroy, unless it says that it does not.
    ...(reads ? { side_effecting: false } : { destructive: annotations.destructiveHint !== false }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(outputSchema ? { response_schema: schemaOf(outputSchema, id, schemas) } : {}),
  };
  const unsaid = ["oneOf", "anyOf", "allOf", "not", "if", "dependentRequired", "patternProperties"].filter(
    (key) => inputSchema[key] !== undefined,
  );
  if (unsaid.length > 0)
    notes.lose(
      `${at}/inputSchema`,
      `What ${unsaid.join(", ")} says of all arguments together is left to the server.`,
      made,
      "parameters",
    );
  if (
    isMap(inputSchema.additionalProperties) ||
    (parameters.length === 0 && inputSchema.additionalProperties === true)
  )
    notes.lose(
      `${at}/inputSchema`,
      "Arguments without a name of their own are not carried over.",
      made,
      "tool",
    );
  return made;
}

function parametersOf(schema: JsonObject, owner: string, schemas: ToolSchemas): Parameter[] {
  const { properties } = schema;
  if (!isMap(properties)) return [];
  const required = new Set(listAt(schema, "required"));
  const names = new Names();
  const moved = schemas.take(schema, owner);
  return Object.entries(properties).map(([key, value]): Parameter => {
    const name = names.take(templateName(key));
    const { description, ...rest } = isMap(value) ? value : {};
    const text = shortText(typeof description === "string" ? description : undefined, 500);
    // Data that came as JSON.
    const inner = moved(rest as JsonObject) as JsonObject;
    return {
      name,
      ...(name === key ? {} : { wire_name: key }),
      location: "body",
      ...fieldTypeOf(inner),
      ...(required.has(key) ? { required: true } : {}),
      ...(text === undefined ? {} : { description: text }),
      ...(saysMore(inner) ? { schema: inner } : {}),
    };
  });
}

/** The type alone is said by `field_type`. */
function saysMore(schema: JsonObject): boolean {
  return Object.keys(schema).some((key) => key !== "type" && key !== "title") || Array.isArray(schema.type);
}

function fieldTypeOf({ type }: JsonObject): Pick<Parameter, "field_type"> {
  switch (type) {
    case "integer":
    case "number":
    case "boolean":
    case "array":
    case "object":
      return { field_type: type };
    case "string":
      return {};
    default:
      return { field_type: "json" };
  }
}

function schemaOf(schema: JsonObject, owner: string, schemas: ToolSchemas): JsonObject {
  const moved = schemas.take(schema, owner);
  const { $defs: _defs, definitions: _definitions, ...rest } = schema;
  return moved(rest as Json) as JsonObject;
}

function sentenceOf(description: string | undefined): string | undefined {
  return description === undefined
    ? undefined
    : /^[\s\S]*?[.!?](?=\s|$)/.exec(oneLine(description))?.[0].replace(/\.$/, "");
}
