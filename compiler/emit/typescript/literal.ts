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

/** An expression of these data: JSON, but for bare names, each entry of the outermost two levels on a line of its own. */
export function dataLiteral(value: unknown, indent: string = "", depth: number = 2): string {
  if (typeof value !== "object" || value === null) return showHidden(JSON.stringify(value));
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const inner = (item: unknown): string => dataLiteral(item, `${indent}  `, depth - 1);
  const entries = Array.isArray(value)
    ? value.map(inner)
    : Object.entries(value).map(([name, item]) => `${memberName(name)}: ${inner(item)}`);
  if (depth <= 0 || entries.length === 0) return `${open}${entries.join(", ")}${close}`;
  return `${open}\n${entries.map((entry) => `${indent}  ${entry},\n`).join("")}${indent}${close}`;
}

/** `__proto__: …` would set a prototype. */
function memberName(name: string): string {
  return name === "__proto__" ? '["__proto__"]' : propertyName(name);
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
