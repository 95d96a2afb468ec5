/** The text that follows a new key: what its value must have, with a stop for each thing that the author gives. */
import { choicesOf, type FieldSchema, itemOf, kindOf, propertyOf } from "../language-schema.ts";
import { literal } from "./items.ts";

export type Style = "block" | "flow" | "json";

/** Numbers the stops of one snippet. */
class Stops {
  #next = 1;
  stop(choices: readonly string[] = []): string {
    const number = this.#next++;
    const texts = choices.map((choice) => choice.replace(/[\\$},|]/g, "\\$&"));
    return texts.length > 0 ? `\${${number}|${texts.join(",")}|}` : `$${number}`;
  }
}

/** A key with its value's skeleton. `column` is that of the key, from which the lines of a block are indented. */
export function entrySkeleton(key: string, field: FieldSchema, style: Style, column: number): string {
  return entryWith(key, field, style, column, new Stops());
}

/** The item of a list. */
export function itemSkeleton(item: FieldSchema, style: Style, column: number): string {
  return itemWith(item, style, column, new Stops());
}

function entryWith(key: string, field: FieldSchema, style: Style, column: number, stops: Stops): string {
  const name = literal(style === "json" ? JSON.stringify(key) : key);
  const value = valueWith(field, style, column, stops);
  return value.startsWith("\n") ? `${name}:${value}` : `${name}: ${value}`;
}

function valueWith(field: FieldSchema, style: Style, column: number, stops: Stops): string {
  const choices = choicesOf(field);
  const [only] = choices;
  if (choices.length === 1) return literal(inStyle(only, style));
  if (choices.length > 0 && choices.length <= 20)
    return stops.stop(ordered(choices, field).map((one) => inStyle(one, style)));
  const types = field.oneOf ? ["object"] : [field.type ?? []].flat();
  const [type] = types;
  const scalars = types.filter((one) => one !== "object" && one !== "array");
  if (scalars.length > 0) return scalarWith(field, scalars, style, stops);
  if (type === "array") return listWith(field, style, column, stops);
  if (type === "object") return mapWith(field, style, column, stops);
  return stops.stop();
}

/** The default first, as that is what the author most often keeps or leaves out. */
function ordered(choices: readonly unknown[], field: FieldSchema): readonly unknown[] {
  return choices.includes(field.default)
    ? [field.default, ...choices.filter((one) => one !== field.default)]
    : choices;
}

function inStyle(value: unknown, style: Style): string {
  return style === "json" ? JSON.stringify(value) : String(value);
}

function scalarWith({ title }: FieldSchema, types: readonly string[], style: Style, stops: Stops): string {
  const isText = types.includes("string");
  const quoted = style === "json" || title === "template" || title === "JSONPath";
  return isText && quoted ? `"${stops.stop()}"` : stops.stop();
}

function listWith(field: FieldSchema, style: Style, column: number, stops: Stops): string {
  const item = itemOf(field) ?? {};
  if (style === "json") return `[${itemWith(item, style, column, stops)}]`;
  if (style === "flow" || !isMap(item))
    return `[${style === "flow" && isMap(item) ? itemWith(item, style, column, stops) : stops.stop()}]`;
  return `\n${" ".repeat(column + 2)}${itemWith(item, style, column + 2, stops)}`;
}

function isMap(field: FieldSchema): boolean {
  return field.type === "object" || field.oneOf !== undefined;
}

function itemWith(item: FieldSchema, style: Style, column: number, stops: Stops): string {
  if (style !== "block")
    return isMap(item) ? mapWith(item, style, column, stops) : scalarOrStop(item, style, stops);
  if (!isMap(item)) return `- ${scalarOrStop(item, style, stops)}`;
  const entries = requiredEntries(item, style, column + 2, stops);
  return `- ${entries.length > 0 ? entries.join(`\n${" ".repeat(column + 2)}`) : stops.stop()}`;
}

function scalarOrStop(item: FieldSchema, style: Style, stops: Stops): string {
  return [item.type ?? []].flat().includes("string") && style === "json" ? `"${stops.stop()}"` : stops.stop();
}

function mapWith(field: FieldSchema, style: Style, column: number, stops: Stops): string {
  const entries = requiredEntries(field, style, column + 2, stops);
  const body = entries.length > 0 ? entries : [stops.stop()];
  if (style !== "block") return `{ ${body.join(", ")} \\}`;
  const indent = `\n${" ".repeat(column + 2)}`;
  return `${indent}${body.join(indent)}`;
}

function requiredEntries(field: FieldSchema, style: Style, column: number, stops: Stops): string[] {
  const owner = kindOf(field, undefined);
  const due = new Set([...(field.required ?? []), ...(field.then?.required ?? [])]);
  // In the order of the language.
  const keys = Object.keys(owner.properties ?? {}).filter((key) => due.has(key));
  return keys.map((key) => entryWith(key, propertyOf(owner, key) ?? {}, style, column, stops));
}
