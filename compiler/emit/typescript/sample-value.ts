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
import { type AlternativeTag, discriminatorOf } from "./discriminator.ts";
import { literalType, propertyName, stringLiteral } from "./literal.ts";
import { hasShape } from "./schema-shape.ts";

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
  const parts = partsOf(schema, inside);
  const fixed = parts.flatMap(({ schema: part }) => {
    const values = member(part, "enum");
    const [first] = Array.isArray(values) ? values : [member(part, "const")];
    return first === undefined ? [] : [first];
  });
  if (fixed[0] !== undefined) return expression(fixed[0]);
  const types = parts.flatMap(({ schema: part }) => typeNames(part));
  const isObject = types.length === 0 && parts.some(({ schema: part }) => hasShape(part));
  return sampleType(isObject ? "object" : types[0], parts, inside);
}

/** What a value is made of: a schema, what it refers to, all of its `allOf`, and the first of its alternatives. */
interface Part {
  readonly schema: JsonObject;
  readonly root: JsonSchema;
  readonly tag?: AlternativeTag;
}

function partsOf(schema: JsonSchema, { schemas, root }: Inside): readonly Part[] {
  const parts: Part[] = [];
  const seen = new Set<JsonSchema>();
  const add = (schema: JsonSchema, root: JsonSchema, tag?: AlternativeTag): void => {
    if (typeof schema === "boolean" || seen.has(schema)) return;
    seen.add(schema);
    parts.push({ schema, root, ...(tag === undefined ? {} : { tag }) });
    const reference = member(schema, "$ref");
    const target = typeof reference === "string" ? resolveReference(reference, { schemas, root }) : undefined;
    if (target) add(target.schema, target.root);
    for (const part of schemaList(member(schema, "allOf"))) add(part, root);
    const [first] = [...schemaList(member(schema, "oneOf")), ...schemaList(member(schema, "anyOf"))];
    if (first !== undefined) add(first, root, discriminatorOf(schema, { schemas, root })(first));
  };
  add(schema, root);
  return parts;
}

function sampleType(type: string | undefined, parts: readonly Part[], inside: Inside): string | undefined {
  switch (type) {
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
      return sampleObject(parts, inside);
    default:
      return undefined;
  }
}

function sampleObject(parts: readonly Part[], { schemas, depth }: Inside): string {
  const required = new Set(
    parts.flatMap(({ schema }) => {
      const names = member(schema, "required");
      return Array.isArray(names) ? names : [];
    }),
  );
  const members = new Map<string, string>();
  for (const { schema, root, tag } of parts) {
    for (const [key, value] of schemaMap(member(schema, "properties"))) {
      const isLeftOut = typeof value === "object" && member(value, "readOnly") === true;
      if (!required.has(key) || members.has(key) || isLeftOut) continue;
      members.set(key, sampleSchema(value, { schemas, root, depth: depth + 1 }) ?? "{}");
    }
    if (tag?.values[0] !== undefined) members.set(tag.key, stringLiteral(tag.values[0]));
  }
  return object([...members]);
}

function expression(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(expression).join(", ")}]`;
  // `Array.isArray` does not narrow a readonly list away.
  if (value !== null && typeof value === "object")
    return object(Object.entries(value as JsonObject).map(([key, item]) => [key, expression(item)]));
  return literalType(value) ?? "null";
}
