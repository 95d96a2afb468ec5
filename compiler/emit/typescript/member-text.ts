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

/** What a schema says about itself: its description or title, deprecation, default, first example. */
export function schemaDoc(schema: JsonObject, indent: string): string {
  return docComment(indent, [schemaText(schema)], schemaTags(schema));
}

/** Its description, else its title. */
export function schemaText(schema: JsonObject): string | undefined {
  const text = member(schema, "description") ?? member(schema, "title");
  return typeof text === "string" ? text : undefined;
}

/** As tags of TSDoc: deprecation, default, first example (`example` is the keyword of OpenAPI 3.0). */
export function schemaTags(schema: JsonObject): DocTag[] {
  const tags: DocTag[] = member(schema, "deprecated") === true ? [{ tag: "deprecated", text: "" }] : [];
  const standard = member(schema, "default");
  if (standard !== undefined) tags.push({ tag: "defaultValue", text: JSON.stringify(standard) });
  const examples = member(schema, "examples");
  const example = Array.isArray(examples) ? examples[0] : member(schema, "example");
  if (example !== undefined) tags.push({ tag: "example", text: JSON.stringify(example) });
  return tags;
}
