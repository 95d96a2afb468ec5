/** Schemas said in fewer words, which mean the same. */
import type { Json, JsonObject } from "../ir.ts";
import { isSchema } from "../language/schema-reference.ts";

/** Formats that tell how a number is stored. */
const storage = new Set(["int32", "int64", "float", "double"]);
/** No caller comes near such a length by accident, and one that does is told. */
const longLength = 1_000;
/** The ends of the numbers that 32 and 53 bits hold, and beyond. */
const ends: ReadonlySet<number> = new Set([2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]);

/** A keyword that bounds nothing which a caller could want, or says what holds without it. */
export function saysNothing(key: string, value: Json): boolean {
  switch (key) {
    case "title":
      return true;
    case "additionalProperties":
      return typeof value === "boolean" || isEmpty(value);
    case "format":
      return typeof value === "string" && storage.has(value);
    case "maxLength":
      return typeof value === "number" && value >= longLength;
    case "minLength":
    case "minItems":
    case "minProperties":
      return value === 0;
    case "minimum":
    case "maximum":
      return typeof value === "number" && (ends.has(Math.abs(value)) || Math.abs(value) >= 2 ** 53 - 1);
    case "uniqueItems":
    case "deprecated":
      return value === false;
    case "required":
      return Array.isArray(value) && value.length === 0;
    case "description":
      return value === "";
    default:
      return false;
  }
}

/** A combination of one schema is that schema; of one type and null, a type that may be null. */
export function simplified(schema: JsonObject): JsonObject {
  let made = schema;
  for (const key of ["allOf", "anyOf", "oneOf"]) {
    const branches = made[key];
    if (!Array.isArray(branches)) continue;
    const { [key]: _, ...rest } = made;
    const left = key === "anyOf" ? withoutTexts(branches) : branches;
    const [only] = left.length === 1 ? left : key === "allOf" ? [] : [orNull(left)];
    if (!isObject(only)) continue;
    // What stands beside it is nearer to the place where it is used: its words count.
    const words = ["description", "examples", "default"];
    if (Object.keys(rest).every((own) => words.includes(own) || !Object.hasOwn(only, own)))
      made = { ...only, ...rest };
  }
  return made;
}

/** Where any text will do, those that are named say nothing. */
function withoutTexts(branches: readonly Json[]): readonly Json[] {
  const any = branches.find(
    (one) => isObject(one) && one.type === "string" && Object.keys(one).every(isOpen),
  );
  return any === undefined ? branches : branches.filter((one) => one === any || !isText(one));
}

function isOpen(key: string): boolean {
  return key === "type" || key === "description" || key === "maxLength";
}

function isText(schema: Json): boolean {
  return isObject(schema) && schema.type === "string";
}

function orNull(branches: readonly Json[]): JsonObject | undefined {
  const [first, second, ...more] = branches;
  if (more.length > 0 || !isObject(first) || !isObject(second)) return undefined;
  const [nothing, other] = isNull(first) ? [first, second] : [second, first];
  if (!isNull(nothing) || typeof other.type !== "string") return undefined;
  if (Object.hasOwn(other, "enum") || Object.hasOwn(other, "const")) return undefined;
  return { ...other, type: [other.type, "null"] };
}

function isNull(schema: JsonObject): boolean {
  return (
    schema.type === "null" && Object.keys(schema).every((key) => key === "type" || key === "description")
  );
}

function isEmpty(value: Json): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

function isObject(value: Json | undefined): value is JsonObject {
  return isSchema(value) && typeof value === "object";
}
