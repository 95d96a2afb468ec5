/** XML 1.0 text: markup is inert, and what the standard does not allow as a character shows as an escape. */
import { escapeText } from "../../compiler/escape.ts";

const entities: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for an element or an attribute; line feeds survive in both. */
export function escapeXml(text: string): string {
  return text
    .split("\n")
    .map((line) => escapeText(line).replace(/[&<>"']/g, (character) => entities[character] ?? ""))
    .join("&#10;");
}

/** Attributes with a space before each; those without a value are left out. */
export function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${escapeXml(String(value))}"`]))
    .join("");
}
