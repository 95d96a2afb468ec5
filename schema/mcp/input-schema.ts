import type { Json, JsonObject, JsonSchema, Parameter } from "../ir.ts";
import { parameterSchema } from "../language/parameter-schema.ts";
import type { Schemas } from "../language/schema-reference.ts";
import type { ToolArgument, ToolControls } from "./arguments.ts";
import type { Brevity } from "./brevity.ts";
import { createSchemaInliner, type SchemaInliner, SchemaTooLarge } from "./inline-schema.ts";
import { shortText } from "./plain-text.ts";

/** The input schema of a tool, and the keys inside its arguments that have an alias there. */
export interface InputSchema {
  readonly schema: JsonObject;
  /** Alias → key. */
  readonly keys: { readonly [alias: string]: string };
}

/** Levels that are tried, where all of a schema is too much. */
const depths = [12, 8, 6, 5, 4, 3, 2, 1, 0];

/**
 * JSON Schema 2020-12 for the arguments: an object at its root, and never a union. Of one that is too large the descriptions
 * of what lies inside are left out, and then what lies deepest: the call judges that all the same, and says what is wrong.
 */
export function inputSchema(
  given: readonly ToolArgument[],
  controls: ToolControls,
  schemas: Schemas,
  brevity: Brevity,
): InputSchema {
  const forms = [{ depth: 12, words: brevity.inside }, ...depths.map((depth) => ({ depth, words: 0 }))];
  let smallest: InputSchema | undefined;
  for (const form of forms) {
    const made = attempt(given, controls, createSchemaInliner(schemas, form), brevity.argument);
    if (!made) continue;
    smallest = made;
    if (JSON.stringify(made.schema).length <= brevity.schema) return made;
  }
  return smallest ?? { schema: { type: "object" }, keys: {} };
}

function attempt(
  given: readonly ToolArgument[],
  controls: ToolControls,
  inliner: SchemaInliner,
  words: number,
): InputSchema | undefined {
  try {
    const properties = given.map(({ name, parameter }): [string, Json] => [
      name,
      argument(parameter, inliner, words),
    ]);
    const definitions = inliner.definitions();
    const required = given.filter(({ parameter }) => parameter.required && parameter.default === undefined);
    return {
      schema: {
        type: "object",
        ...(inliner.isCut() ? { description: "What lies deepest is left out." } : {}),
        properties: Object.fromEntries([...properties, ...controlSchemas(controls)]),
        ...(required.length > 0 ? { required: required.map(({ name }) => name) } : {}),
        ...(Object.keys(definitions).length > 0 ? { $defs: definitions } : {}),
      },
      keys: Object.fromEntries(inliner.aliases),
    };
  } catch (thrown) {
    if (thrown instanceof SchemaTooLarge) return undefined;
    throw thrown;
  }
}

function argument(parameter: Parameter, inliner: SchemaInliner, words: number): JsonSchema {
  const { type, description } = parameter;
  const said = description === undefined ? {} : { description: shortText(description, words) };
  if (type === "file") return { type: "string", contentEncoding: "base64", ...said };
  const schema = parameterSchema({ ...parameter, ...said }, inliner, parameter.name);
  return typeof schema === "boolean" ? {} : schema;
}

function controlSchemas({ cursor, fields, maxItems }: ToolControls): readonly [string, Json][] {
  const made: [string, Json][] = [];
  if (cursor !== undefined) made.push([cursor, { type: "string", description: "next_cursor" }]);
  if (fields !== undefined)
    made.push([
      fields,
      {
        type: "array",
        items: { type: "string" },
        description: "Members to keep, such as owner.name",
      },
    ]);
  if (maxItems !== undefined) made.push([maxItems, { type: "integer", minimum: 1 }]);
  return made;
}
