import type { Json, JsonObject, JsonSchema, Parameter } from "../ir.ts";
import { parameterSchema } from "../language/parameter-schema.ts";
import type { Schemas } from "../language/schema-reference.ts";
import type { ToolArgument, ToolControls } from "./arguments.ts";
import { createSchemaInliner, type SchemaInliner, SchemaTooLarge } from "./inline-schema.ts";

/** The input schema of a tool, and the keys inside its arguments that have an alias there. */
export interface InputSchema {
  readonly schema: JsonObject;
  /** Alias → key. */
  readonly keys: { readonly [alias: string]: string };
}

/** Characters of an input schema that are given out at most; a larger one is cut where it is deepest. */
const mostCharacters = 16_384;
const depths = [12, 8, 6, 5, 4, 3, 2, 1, 0];

/** JSON Schema 2020-12 for the arguments: an object at its root, and never a union. */
export function inputSchema(
  given: readonly ToolArgument[],
  controls: ToolControls,
  schemas: Schemas,
): InputSchema {
  let smallest: InputSchema | undefined;
  for (const depth of depths) {
    const made = attempt(given, controls, createSchemaInliner(schemas, depth));
    if (!made) continue;
    smallest = made;
    if (JSON.stringify(made.schema).length <= mostCharacters) return made;
  }
  return smallest ?? { schema: { type: "object" }, keys: {} };
}

function attempt(
  given: readonly ToolArgument[],
  controls: ToolControls,
  inliner: SchemaInliner,
): InputSchema | undefined {
  try {
    const properties = given.map(({ name, parameter }): [string, Json] => [
      name,
      argument(parameter, inliner),
    ]);
    const definitions = inliner.definitions();
    const required = given.filter(({ parameter }) => parameter.required && parameter.default === undefined);
    return {
      schema: {
        type: "object",
        properties: Object.fromEntries([...properties, ...controlSchemas(controls)]),
        ...(required.length > 0 ? { required: required.map(({ name }) => name) } : {}),
        additionalProperties: false,
        ...(Object.keys(definitions).length > 0 ? { $defs: definitions } : {}),
      },
      keys: Object.fromEntries(inliner.aliases),
    };
  } catch (thrown) {
    if (thrown instanceof SchemaTooLarge) return undefined;
    throw thrown;
  }
}

function argument(parameter: Parameter, inliner: SchemaInliner): JsonSchema {
  if (parameter.type === "file")
    return {
      type: "string",
      contentEncoding: "base64",
      ...(parameter.description === undefined ? {} : { description: parameter.description }),
    };
  const schema = parameterSchema(parameter, inliner, parameter.name);
  return typeof schema === "boolean" ? {} : schema;
}

function controlSchemas({ cursor, fields, maxItems }: ToolControls): readonly [string, Json][] {
  const made: [string, Json][] = [];
  if (cursor !== undefined)
    made.push([cursor, { type: "string", description: "next_cursor of an earlier answer, to read on." }]);
  if (fields !== undefined)
    made.push([
      fields,
      {
        type: "array",
        items: { type: "string" },
        description: "Members to keep, such as id or owner.name.",
      },
    ]);
  if (maxItems !== undefined)
    made.push([
      maxItems,
      { type: "integer", minimum: 1, description: "Read further pages until so many items are there." },
    ]);
  return made;
}
