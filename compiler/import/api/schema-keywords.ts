/** The keywords of JSON Schema that are carried over, and what value each may have: anything else would make a schema invalid. */
import type { Json } from "../../../schema/json.ts";
import { isMap } from "../plain-data.ts";

const types: ReadonlySet<unknown> = new Set([
  "string",
  "number",
  "integer",
  "boolean",
  "array",
  "object",
  "null",
]);

type Accepts = (value: unknown) => boolean;

const isNumber: Accepts = (value) => typeof value === "number" && Number.isFinite(value);
const isCount: Accepts = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isTrue: Accepts = (value) => value === true;
const isText: Accepts = (value) => typeof value === "string" && value !== "";

/** Keywords whose values are data. `title` and `example` are left out: they say nothing that a reader misses. */
const dataKeywords: { readonly [keyword: string]: Accepts } = {
  multipleOf: (value) => isNumber(value) && Number(value) > 0,
  minimum: isNumber,
  maximum: isNumber,
  exclusiveMinimum: isNumber,
  exclusiveMaximum: isNumber,
  minLength: isCount,
  maxLength: isCount,
  minItems: isCount,
  maxItems: isCount,
  minProperties: isCount,
  maxProperties: isCount,
  minContains: isCount,
  maxContains: isCount,
  uniqueItems: isTrue,
  readOnly: isTrue,
  writeOnly: isTrue,
  deprecated: isTrue,
  format: isText,
  pattern: (value) => typeof value === "string" && isPattern(value),
  contentEncoding: isText,
  contentMediaType: isText,
  dependentRequired: (value) => isMap(value) && Object.values(value).every(isNames),
};

function isNames(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, "u");
    return true;
  } catch {
    return false;
  }
}

export function isDataKeyword(keyword: string): boolean {
  return Object.hasOwn(dataKeywords, keyword);
}

/** Whether the value may stand under the keyword. */
export function accepts(keyword: string, value: unknown): boolean {
  return dataKeywords[keyword]?.(value) ?? false;
}

export function isTypeName(value: unknown): value is string {
  return types.has(value);
}

/** Keywords below which one schema stands. */
export const schemaKeywords: ReadonlySet<string> = new Set([
  ...["items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else"],
  ...["unevaluatedItems", "unevaluatedProperties"],
]);
/** Keywords below which a list of schemas stands. */
export const listKeywords: ReadonlySet<string> = new Set(["allOf", "anyOf", "oneOf", "prefixItems"]);
/** Keywords below which schemas stand by names. */
export const mapKeywords: ReadonlySet<string> = new Set([
  "properties",
  "patternProperties",
  "dependentSchemas",
]);

/** Data that JSON can say; what it cannot, such as a number that is not finite, is null. */
export function toJson(value: unknown): Json {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value === "boolean" || value === null) return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map(toJson);
  if (!isMap(value)) return null;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toJson(inner)]));
}
