/** Values that fit a parameter of a compiled connector, by its type and schema alone. */
import fc from "fast-check";
import type { Connector, Parameter } from "../../../../schema/ir.ts";
import type { Json, JsonObject, JsonSchema } from "../../../../schema/json.ts";

/** Thrown where no value can be made up, such as one for a pattern without an example. */
export class NoSample extends Error {}

const maxDepth = 6;

/** A value for a parameter; undefined where it need not be given and none can be made up. */
export function sampleParameter(parameter: Parameter, ir: Connector): Json | undefined {
  try {
    return sampleOf(parameter, ir);
  } catch (error) {
    if (!(error instanceof NoSample)) throw error;
    if (parameter.required) throw new NoSample(`${parameter.name}: ${error.message}`);
    return undefined;
  }
}

function sampleOf({ type, schema, default: given }: Parameter, { schemas }: Connector): Json {
  if (given !== undefined) return given;
  const found = schema === undefined ? undefined : sample(withType(schema, type), schemas, 0);
  if (found !== undefined) return found;
  return scalars[type] ?? "text";
}

const scalars: { readonly [type: string]: Json } = {
  integer: 1,
  number: 1,
  boolean: true,
  date: "2026-01-31",
  datetime: "2026-01-31T08:00:00Z",
  array: ["text"],
  object: {},
  file: "bytes",
};
const jsonTypes: { readonly [type: string]: string } = {
  integer: "integer",
  number: "number",
  boolean: "boolean",
  array: "array",
  object: "object",
  string: "string",
  date: "string",
  datetime: "string",
};

function withType(schema: JsonSchema, type: string): JsonSchema {
  const own = jsonTypes[type];
  const isSaid =
    typeof schema === "boolean" || ["type", "$ref", "anyOf", "oneOf", "allOf"].some((key) => key in schema);
  if (typeof schema === "boolean" || own === undefined || isSaid) return schema;
  return {
    ...(type.startsWith("date") ? { format: type === "date" ? "date" : "date-time" } : {}),
    ...schema,
    type: own,
  };
}

function sample(
  schema: JsonSchema | undefined,
  schemas: Connector["schemas"],
  depth: number,
): Json | undefined {
  if (schema === undefined || schema === true) return "text";
  if (schema === false) throw new NoSample("nothing is admitted");
  if (depth > maxDepth) throw new NoSample("it is too deep");
  const next = (inner: Json | undefined): Json | undefined => sample(asSchema(inner), schemas, depth + 1);
  if (typeof schema.$ref === "string") return next(follow(schema.$ref, schemas));
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (Array.isArray(schema.enum)) return schema.enum.find((one: Json) => one !== null);
  for (const key of ["oneOf", "anyOf"]) {
    const list = schema[key];
    if (Array.isArray(list)) {
      const first = list.find((one: Json) => !isNull(one)) ?? list[0];
      const value = next(first);
      if (!schema.properties) return value;
      return { ...object(schema, next), ...(isObject(value) ? value : {}) };
    }
  }
  if (Array.isArray(schema.allOf)) return all(schema, schema.allOf, next);
  return ofType(schema, next);
}

function all(
  schema: JsonObject,
  parts: readonly Json[],
  next: (inner: Json | undefined) => Json | undefined,
): Json | undefined {
  const values = parts.map((part) => next(part));
  if (!values.some(isObject)) return values[0];
  return Object.assign({}, ...values.filter(isObject), schema.properties ? object(schema, next) : {});
}

function isNull(schema: Json): boolean {
  return isObject(schema) && schema.type === "null";
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asSchema(value: Json | undefined): JsonSchema | undefined {
  return typeof value === "boolean" || isObject(value) ? value : undefined;
}

function follow(reference: string, schemas: Connector["schemas"]): Json | undefined {
  let at: Json | undefined = { schemas };
  for (const part of decodeURIComponent(reference).slice(2).split("/"))
    at = isObject(at) ? at[part.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined;
  return at;
}

function ofType(schema: JsonObject, next: (inner: Json | undefined) => Json | undefined): Json | undefined {
  const type = Array.isArray(schema.type) ? schema.type.find((one: Json) => one !== "null") : schema.type;
  switch (type) {
    case "integer":
    case "number":
      return number(schema);
    case "boolean":
      return true;
    case "array":
      return array(schema, next);
    case "object":
      return object(schema, next);
    case "null":
      return null;
    case "string":
      return text(schema);
    default:
      return schema.properties ? object(schema, next) : schema.items ? array(schema, next) : text(schema);
  }
}

function number({ minimum, maximum, exclusiveMinimum, multipleOf, type }: JsonObject): Json {
  const least =
    typeof minimum === "number" ? minimum : typeof exclusiveMinimum === "number" ? exclusiveMinimum + 1 : 1;
  const value = typeof maximum === "number" && maximum < least ? maximum : least;
  const step = typeof multipleOf === "number" && type === "integer" ? multipleOf : undefined;
  return step === undefined ? value : Math.ceil(value / step) * step;
}

function array(schema: JsonObject, next: (inner: Json | undefined) => Json | undefined): Json {
  const least = typeof schema.minItems === "number" ? schema.minItems : 1;
  const items = Array.isArray(schema.prefixItems) ? schema.prefixItems.map(next) : [];
  if (items.length === 0 && least <= 1) return [next(schema.items ?? true) ?? "text"];
  if (schema.uniqueItems === true && least > 1) throw new NoSample("several items must differ");
  return [
    ...items,
    ...Array.from({ length: Math.max(0, least - items.length) }, () => next(schema.items ?? true)),
  ].map((one) => one ?? "text");
}

/** Required properties, and those optional ones for which a value can be made up. */
function object(schema: JsonObject, next: (inner: Json | undefined) => Json | undefined): JsonObject {
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const made: Record<string, Json> = {};
  for (const [name, property] of Object.entries(
    isObject(schema.properties ?? {}) ? Object(schema.properties) : {},
  )) {
    if (!required.has(name) && Object.keys(made).length > 8) continue;
    try {
      const value = next(property as Json);
      if (value !== undefined) made[name] = value;
    } catch (error) {
      if (!(error instanceof NoSample) || required.has(name)) throw error;
    }
  }
  return made;
}

const formats: { readonly [format: string]: string } = {
  date: "2026-01-31",
  "date-time": "2026-01-31T08:00:00Z",
  uuid: "7d444840-9dc0-11d1-b245-5ffdce74fad2",
  email: "someone@example.com",
  uri: "https://example.com/",
  url: "https://example.com/",
  ipv4: "192.0.2.1",
};

function text({ format, pattern, minLength, maxLength }: JsonObject): Json {
  const known = typeof format === "string" ? formats[format] : undefined;
  const least = typeof minLength === "number" ? minLength : 0;
  const most = typeof maxLength === "number" ? maxLength : 1_000;
  for (const candidate of [
    known ?? "text",
    "Text1",
    "1",
    "10",
    "123456",
    "a",
    "AB",
    "USD",
    "en-US",
    "2026-01-31",
    "2026-01-31T08:00:00Z",
  ]) {
    const value = candidate.padEnd(least, "x").slice(0, most);
    if (typeof pattern !== "string" || new RegExp(pattern, "u").test(value)) return value;
  }
  return matching(String(pattern), least, most);
}

function matching(pattern: string, least: number, most: number): string {
  try {
    const texts = fc.sample(fc.stringMatching(new RegExp(pattern, "u"), { size: "small" }), {
      numRuns: 50,
      seed: 1,
    });
    const found = texts.find((one) => one.length >= least && one.length <= most && /^[!-~]+$/.test(one));
    if (found !== undefined) return found;
  } catch {
    // Look-around and the like: nothing can be made up.
  }
  throw new NoSample(`no text for the pattern ${pattern}`);
}
