/** The words in which findings speak of values, keys and types. */
import type { Mend } from "../diagnostics.ts";
import type { Node, Pointer, ScalarNode, Span } from "../read/tree.ts";

const typeWords: Readonly<Record<string, string>> = {
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "`true` or `false`",
  array: "a list",
  object: "a map",
};

/** "text or a list": the types of a schema, of which null is never asked for. */
export function typesInWords(types: readonly string[]): string {
  return listed(
    types.filter((type) => type !== "null").map((type) => typeWords[type] ?? type),
    "or",
  );
}

/** "a, b or c". */
export function listed(words: readonly string[], last: "and" | "or"): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}

/** Values or keys as they would be written. */
export function quoted(values: readonly unknown[], last: "and" | "or"): string {
  return listed(
    values.map((value) => `\`${String(value)}\``),
    last,
  );
}

/** What stands there: "a list", "the number `1`", "the text `yes`". */
export function nodeInWords(node: Node): string {
  if (node.kind !== "scalar") return node.kind === "list" ? "a list" : "a map";
  const { value } = node;
  if (typeof value === "string") return `the text ${shortened(value)}`;
  if (typeof value === "number") return `the number \`${value}\``;
  return `\`${String(value)}\``;
}

/** A long text shows by its beginning; the position shows the rest. */
export function shortened(text: string): string {
  const line = text.split(/[\r\n]/, 1)[0] ?? "";
  return line.length > 40 || line !== text ? `\`${line.slice(0, 40)}…\`` : `\`${text}\``;
}

/** The name of the value at a path: "`limit`", or "an entry of `tags`" for one of a list. */
export function nameOf(path: Pointer): string {
  const last = path.at(-1);
  if (last === undefined) return "a descriptor";
  if (typeof last === "string") return `\`${last}\``;
  const list = path.findLast((part) => typeof part === "string");
  return list === undefined ? "an entry" : `an entry of \`${list}\``;
}

/** "An entry …", "A descriptor …" at the beginning of a sentence. */
export function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** A key in the place of another, quoted as that one is. */
export function asWritten(text: string, replaced: string, span: Span): string {
  return span.end - span.start === replaced.length ? text : JSON.stringify(text);
}

/** A value in the place of a scalar, in the scalar's style. */
export function inStyle(text: string, node: ScalarNode): string {
  if (node.style === "double") return JSON.stringify(text);
  return node.style === "single" ? `'${text.replaceAll("'", "''")}'` : text;
}

/** The mend that writes `text` over a value; `meant` is what the text says. */
export function replacing(span: Span, was: string, text: string, meant: string = text): Mend {
  return { title: `Write \`${meant}\` for ${shortened(was)}`, edits: [{ span, text }] };
}
