import type { Json } from "../../../schema/ir.ts";
import { showHidden } from "../escape.ts";

/** A double-quoted string literal: JSON's escapes (ECMA-262 takes them all) and none but visible characters. */
export function stringLiteral(text: string): string {
  return showHidden(JSON.stringify(text));
}

/** A literal whose value is the JSON text of a value; in single quotes, so that JSON's own need no escape. */
export function jsonLiteral(value: unknown): string {
  return `'${showHidden(JSON.stringify(value).replace(/[\\']/g, "\\$&"))}'`;
}

/** A property name as written in a type or an object: bare where it is an ASCII identifier, else quoted. */
export function propertyName(name: string): string {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? name : stringLiteral(name);
}

/** The literal type of a scalar; undefined for lists and objects, which have none. */
export function literalType(value: Json): string | undefined {
  if (typeof value === "string") return stringLiteral(value);
  return value === null || typeof value !== "object" ? String(value) : undefined;
}
