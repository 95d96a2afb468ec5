import type { FieldType } from "../../schema/ir.ts";
import { reveal } from "../secrets/secret.ts";
import { fileOf } from "./file.ts";
import { checkJson } from "./json.ts";
import { Refused } from "./refused.ts";
import { isScalar } from "./text.ts";
import { typeName } from "./type-name.ts";

/** A given value as its declared type, or `Refused`. Text that says a number or a truth value counts as one. */
export function coerce(value: unknown, type: FieldType): unknown {
  return coercions[type](reveal(value));
}

const coercions: { readonly [T in FieldType]: (value: unknown) => unknown } = {
  string: toStringValue,
  secret: toStringValue,
  password: toStringValue,
  integer: toInteger,
  number: toNumber,
  boolean: toBoolean,
  json: jsonValue,
  array: (value) => {
    if (!Array.isArray(value)) throw new Refused(`must be a list, but is ${typeName(value)}`);
    return jsonValue(value);
  },
  object: (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new Refused(`must be an object, but is ${typeName(value)}`);
    return jsonValue(value);
  },
  date: (value) => toDate(value, /^\d{4}-\d{2}-\d{2}$/, 10, "a date such as 2026-01-31"),
  datetime: (value) =>
    toDate(value, /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}/, 24, "a date and time such as 2026-01-31T08:00:00Z"),
  file: fileOf,
};

function jsonValue(value: unknown): unknown {
  checkJson(value);
  return value;
}

function toStringValue(value: unknown): unknown {
  if (typeof value === "string") return value;
  if (isScalar(value)) return String(value);
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  throw new Refused(`must be text, but is ${typeName(value)}`);
}

const wholeNumber = /^[+-]?\d{1,40}$/;

/** Integers past ±2^53 keep every digit: as a bigint. */
function toInteger(value: unknown): unknown {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") {
    if (Number.isSafeInteger(value)) return value;
    if (Number.isInteger(value))
      throw new Refused("is too large to be exact as a number. Give it as text or as a bigint");
    throw new Refused("must be a whole number");
  }
  if (typeof value === "string" && wholeNumber.test(value.trim())) {
    const exact = BigInt(value.trim().replace(/^\+/, ""));
    const number = Number(exact);
    return Number.isSafeInteger(number) ? number : exact;
  }
  throw new Refused(`must be a whole number, but is ${typeName(value)}`);
}

function toNumber(value: unknown): unknown {
  if (typeof value === "bigint") return value;
  if (typeof value === "string" && wholeNumber.test(value.trim())) return toInteger(value);
  const number =
    typeof value === "string" && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value.trim())
      ? Number(value)
      : value;
  if (typeof number === "number" && Number.isFinite(number)) return number;
  throw new Refused(`must be a number, but is ${typeName(value)}`);
}

function toBoolean(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  if (value === "true") return true;
  if (value === "false") return false;
  throw new Refused(`must be true or false, but is ${typeName(value)}`);
}

function toDate(value: unknown, form: RegExp, length: number, expected: string): string {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString().slice(0, length);
  if (typeof value === "string" && form.test(value) && !Number.isNaN(Date.parse(value.replace(" ", "T"))))
    return value;
  throw new Refused(`must be ${expected}`);
}
