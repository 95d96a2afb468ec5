import type { FieldType, Json, JsonObject, JsonSchema, Operation, Parameter } from "../../../schema/ir.ts";
import {
  member,
  resolveReference,
  type Schemas,
  schemaList,
  schemaMap,
  typeNames,
} from "../../../schema/language/schema-reference.ts";
import { isRequired } from "./client-model.ts";
import { literalType, propertyName, stringLiteral } from "./literal.ts";

interface Sampled {
  readonly type: FieldType;
  readonly example?: Json;
  readonly enum?: readonly Json[];
}

const placeholder = stringLiteral("…");

/** An expression of the field's type for a code example: the author's own example where it fits. */
export function sampleValue({ type, example, enum: values }: Sampled): string {
  const [first] = values ?? [];
  if (first !== undefined) return expression(first);
  switch (type) {
    case "integer":
    case "number":
      return String(typeof example === "number" ? example : 1);
    case "boolean":
      return String(typeof example === "boolean" ? example : true);
    case "array":
      return Array.isArray(example) ? expression(example) : "[]";
    case "object":
      return typeof example === "object" && example !== null && !Array.isArray(example)
        ? expression(example)
        : "{}";
    case "json":
      return example === undefined ? "{}" : expression(example);
    default:
      return typeof example === "string" ? stringLiteral(example) : placeholder;
  }
}

/** A statement that calls an operation on `client`. */
export function sampleCall(
  operation: Operation,
  method: string,
  readsRecords: boolean,
  schemas: Schemas,
): string {
  const call = `client.${method}(${sampleArguments(operation, schemas)})`;
  return readsRecords
    ? `for await (const record of ${call}) console.log(record);`
    : `const data = await ${call};`;
}

/** The arguments of a call with its required parameters. */
function sampleArguments(operation: Operation, schemas: Schemas): string {
  const required = operation.parameters.filter(isRequired);
  if (required.length === 0) return "";
  return object(required.map((parameter) => [parameter.name, sampleParameter(parameter, schemas)]));
}

/** An object expression. `__proto__: value` would set its prototype, `["__proto__"]` does not. */
export function object(entries: readonly (readonly [string, string])[]): string {
  if (entries.length === 0) return "{}";
  const key = (name: string): string => (name === "__proto__" ? '["__proto__"]' : propertyName(name));
  return `{ ${entries.map(([name, value]) => `${key(name)}: ${value}`).join(", ")} }`;
}

function sampleParameter({ type, example, schema, secret }: Parameter, schemas: Schemas): string {
  if (schema !== undefined && type !== "file") {
    const fitting = sampleSchema(schema, { schemas, root: schema, depth: 0 });
    if (fitting !== undefined && (typeof example !== "string" || fitting !== placeholder)) return fitting;
  }
  return sampleValue({ type, ...(example === undefined || secret ? {} : { example }) });
}

interface Inside {
  readonly schemas: Schemas;
  readonly root: JsonSchema;
  readonly depth: number;
}

/** The least value of a schema, or undefined where it does not say one simply. */
function sampleSchema(schema: JsonSchema, inside: Inside): string | undefined {
  if (typeof schema === "boolean" || inside.depth > 6) return undefined;
  const deeper = { ...inside, depth: inside.depth + 1 };
  const reference = member(schema, "$ref");
  const target = typeof reference === "string" ? resolveReference(reference, inside) : undefined;
  if (target) return sampleSchema(target.schema, { ...deeper, root: target.root });
  const values = member(schema, "enum");
  const [first] = Array.isArray(values) ? values : [member(schema, "const")];
  if (first !== undefined) return expression(first);
  const [alternative] = [...schemaList(member(schema, "oneOf")), ...schemaList(member(schema, "anyOf"))];
  if (alternative !== undefined) return sampleSchema(alternative, deeper);
  return sampleType(schema, deeper);
}

function sampleType(schema: JsonObject, inside: Inside): string | undefined {
  switch (typeNames(schema)[0]) {
    case "string":
      return placeholder;
    case "integer":
    case "number":
      return "1";
    case "boolean":
      return "true";
    case "null":
      return "null";
    case "array":
      return "[]";
    case "object":
      return sampleObject(schema, inside);
    default:
      return undefined;
  }
}

function sampleObject(schema: JsonObject, inside: Inside): string {
  const required = member(schema, "required");
  const keys = new Set(Array.isArray(required) ? required : []);
  const properties = schemaMap(member(schema, "properties")).filter(
    ([key, value]) => keys.has(key) && (typeof value === "boolean" || member(value, "readOnly") !== true),
  );
  return object(properties.map(([key, value]) => [key, sampleSchema(value, inside) ?? "{}"]));
}

function expression(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(expression).join(", ")}]`;
  // `Array.isArray` does not narrow a readonly list away.
  if (value !== null && typeof value === "object")
    return object(Object.entries(value as JsonObject).map(([key, item]) => [key, expression(item)]));
  return literalType(value) ?? "null";
}
