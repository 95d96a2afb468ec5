/** A draft as YAML that reads as if a person had written it: block style, small maps in one line, comments above. */
import type { Json, JsonObject } from "../../../schema/json.ts";
import { commentLines } from "./comments.ts";
import { blockText, inlineText, isLong, lineWidth, quoted } from "./scalars.ts";

/** The comments above a key of a map, or (without a key) above the map as an entry of a list. */
export interface Comments {
  at(owner: object, key?: string): readonly string[];
  has(owner: object): boolean;
}

export interface WriteOptions {
  /** Comments at the head of the text. */
  readonly head?: readonly string[];
  /** Every text in quotes, in case that block scalars do not give it back. */
  readonly quoteAll?: boolean;
}

/** The text of a document. */
export function writeYaml(root: JsonObject, comments: Comments, options: WriteOptions = {}): string {
  const writer = new Writer(comments, options.quoteAll ?? false);
  for (const text of options.head ?? []) writer.comment(text, 0);
  writer.map(root, 0, 0);
  return `${writer.lines.join("\n")}\n`;
}

/** The text of one entry of a map, at an indentation: what an update puts into an author's file. */
export function writeEntry(key: string, value: Json, indent: number, comments: Comments): readonly string[] {
  const writer = new Writer(comments, false);
  writer.entry(key, value, indent, nested);
  return writer.lines;
}

/** The text of one entry of a list, at the indentation of its dash. */
export function writeItem(value: Json, indent: number, comments: Comments): readonly string[] {
  const writer = new Writer(comments, false);
  writer.item(value, indent, nested);
  return writer.lines;
}

/** A value in one line, as it stands in a flow collection. */
export function writeInline(value: Json, comments: Comments): string {
  return new Writer(comments, false).flow(value, Number.POSITIVE_INFINITY) ?? JSON.stringify(value);
}

/** Below the sections, whose maps and lists always stand in lines of their own. */
const nested = 3;

class Writer {
  readonly lines: string[] = [];
  readonly #comments: Comments;
  readonly #quoteAll: boolean;

  constructor(comments: Comments, quoteAll: boolean) {
    this.#comments = comments;
    this.#quoteAll = quoteAll;
  }

  comment(text: string, indent: number): void {
    this.lines.push(...commentLines(text, indent));
  }

  /** `isItem`: an entry of a list, whose first comments stand above its dash already. */
  map(map: JsonObject, indent: number, depth: number, isItem = false): void {
    const [first] = isItem ? Object.keys(map) : [];
    let wasSection = this.lines.length > 0;
    for (const [key, value] of Object.entries(map)) {
      const isSection = depth === 0 && isCollection(value);
      if (depth === 0 && (isSection || wasSection) && this.lines.length > 0) this.lines.push("");
      wasSection = isSection;
      if (key !== first) for (const text of this.#comments.at(map, key)) this.comment(text, indent);
      this.entry(key, value, indent, depth);
    }
  }

  entry(key: string, value: Json, indent: number, depth: number): void {
    this.#value(`${" ".repeat(indent)}${this.#text(key, false)}:`, value, indent, depth + 1);
  }

  item(value: Json, indent: number, depth: number): void {
    if (isCollection(value)) for (const text of this.#comments.at(value)) this.comment(text, indent);
    const dash = `${" ".repeat(indent)}-`;
    if (!isMap(value) || (depth > 2 && this.#fits(value, indent + 2)) || isEmpty(value)) {
      this.#value(dash, value, indent, depth);
      return;
    }
    for (const text of this.#comments.at(value, Object.keys(value)[0])) this.comment(text, indent);
    const from = this.lines.length;
    this.map(value, indent + 2, depth, true);
    // The first line of the map begins behind the dash.
    this.lines[from] = `${dash} ${(this.lines[from] ?? "").slice(indent + 2)}`;
  }

  /** `before` ends with the colon or the dash. */
  #value(before: string, value: Json, indent: number, depth: number): void {
    if (typeof value === "string") {
      this.#scalar(before, value, indent);
      return;
    }
    const isBare = !isCollection(value) || isEmpty(value);
    const inline = isBare
      ? this.flow(value, Number.POSITIVE_INFINITY)
      : depth > 1
        ? this.flow(value, lineWidth - before.length - 1, true)
        : undefined;
    if (!isCollection(value) || inline !== undefined) this.lines.push(`${before} ${inline}`);
    else if (isMap(value)) {
      this.lines.push(before);
      this.map(value, indent + 2, depth);
    } else {
      this.lines.push(before);
      const inside = indent + 2;
      for (const item of value) {
        if (depth === 1 && this.lines.at(-1) !== before && isMap(item)) this.#gap(item, inside);
        this.item(item, inside, depth + 1);
      }
    }
  }

  /** An empty line between entries of a section that take many lines. */
  #gap(item: Json, indent: number): void {
    if (isCollection(item) && !this.#fits(item, indent)) this.lines.push("");
  }

  #scalar(before: string, text: string, indent: number): void {
    const block = isLong(text) && !this.#quoteAll ? blockText(text, indent + 2) : undefined;
    if (!block) {
      this.lines.push(`${before} ${this.#text(text, false)}`);
      return;
    }
    this.lines.push(`${before} ${block.head}`);
    const margin = " ".repeat(indent + 2);
    for (const line of block.lines) this.lines.push(line === "" ? "" : margin + line);
  }

  #text(text: string, inFlow: boolean): string {
    return this.#quoteAll ? quoted(text) : inlineText(text, inFlow);
  }

  #fits(value: Json, indent: number): boolean {
    return this.flow(value, lineWidth - indent, true) !== undefined;
  }

  /** A value in one line; undefined where it passes `room`, has comments inside, or (if `small`) is no small one. */
  flow(value: Json, room: number, small = false): string | undefined {
    if (room < 0) return undefined;
    if (typeof value === "string") {
      if (small && isLong(value)) return undefined;
      const text = this.#text(value, true);
      return text.length > room ? undefined : text;
    }
    if (!isCollection(value)) return this.#number(value, room);
    // What a map lost that has nothing left is told in the summary: inside of `{}` there is no line for it.
    if (!isEmpty(value) && this.#comments.has(value)) return undefined;
    const isList = Array.isArray(value);
    if (small && isList && value.some((item: Json) => isMap(item))) return undefined;
    const entries = Object.entries(value);
    if (small && !isList && entries.length > maxInlineKeys) return undefined;
    const parts: string[] = [];
    let left = room - 4;
    for (const [key, inner] of entries) {
      const before = isList ? "" : `${this.#text(key, true)}: `;
      const part = this.flow(inner, left - before.length - 2, small);
      if (part === undefined) return undefined;
      parts.push(before + part);
      left -= before.length + part.length + 2;
    }
    if (isList) return `[${parts.join(", ")}]`;
    return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
  }

  #number(value: string | number | boolean | null, room: number): string | undefined {
    const text = Object.is(value, -0) ? "-0" : String(value);
    return text.length > room ? undefined : text;
  }
}

/** Maps of more keys are easier to read one under another. */
const maxInlineKeys = 6;

function isCollection(value: Json): value is readonly Json[] | JsonObject {
  return typeof value === "object" && value !== null;
}

function isMap(value: Json): value is JsonObject {
  return isCollection(value) && !Array.isArray(value);
}

function isEmpty(value: Json): boolean {
  return isCollection(value) && Object.keys(value).length === 0;
}
