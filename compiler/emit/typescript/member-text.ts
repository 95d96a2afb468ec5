import type { JsonObject } from "../../../schema/ir.ts";
import { member } from "../../../schema/language/schema-reference.ts";
import { type DocTag, docComment } from "./comment.ts";
import { propertyName } from "./literal.ts";
import { after, atom, type TypeText, union } from "./type-text.ts";

/** What a value is for: a request is held to what the API knows, a response may hold what it learns tomorrow. */
export type Direction = "request" | "response";

/** A member of an interface with its line end. Requests take an explicit `undefined` for absence, also under `exactOptionalPropertyTypes`. */
export function propertyLine(
  key: string,
  type: TypeText,
  required: boolean,
  place: { readonly indent: string; readonly direction: Direction },
): string {
  const optional = !required && place.direction === "request";
  const full = optional ? union([type, atom("undefined")], place.indent) : type;
  return `${place.indent}${after(`${propertyName(key)}${required ? "" : "?"}:`, full)};\n`;
}

/** The members of an object type in braces; an index signature alone stands on the same line. */
export function block(lines: readonly string[], indent: string): string {
  const [only = ""] = lines;
  const single = only.trim();
  if (lines.length === 1 && only.startsWith(`${indent}  [key`) && !single.includes("\n"))
    return `{ ${single.slice(0, -1)} }`;
  return `{\n${lines.join("")}${indent}}`;
}

/** What a schema says about itself. */
export function schemaDoc(schema: JsonObject, indent: string): string {
  const text = member(schema, "description") ?? member(schema, "title");
  const tags: DocTag[] = member(schema, "deprecated") === true ? [{ tag: "deprecated", text: "" }] : [];
  const standard = member(schema, "default");
  if (standard !== undefined) tags.push({ tag: "defaultValue", text: JSON.stringify(standard) });
  return docComment(indent, [typeof text === "string" ? text : undefined], tags);
}
