/** What an editor offers at the cursor, on text that need not parse. */
import { type Field, fieldAt, itemOf } from "../language-schema.ts";
import { type CursorContext, cursorContext, lineStart } from "./cursor-context.ts";
import type { CompletionItem } from "./items.ts";
import { type KeyPlace, keyItems, nameKeyItems } from "./keys.ts";
import { looseModel } from "./loose-model.ts";
import { keyNamesFor } from "./names.ts";
import { itemSkeleton, type Style } from "./skeleton.ts";
import { templateItems } from "./template-items.ts";
import { valueItems } from "./values.ts";
import { windowAround } from "./window.ts";

export async function completionsAt(whole: string, at: number): Promise<readonly CompletionItem[]> {
  const { text, offset, shift } = windowAround(whole, at);
  const items = await itemsAt(text, offset);
  if (shift === 0) return items;
  return items.map((item) => ({
    ...item,
    span: { start: item.span.start + shift, end: item.span.end + shift },
  }));
}

async function itemsAt(source: string, offset: number): Promise<readonly CompletionItem[]> {
  const style = styleAt(source, offset);
  if (style !== "json" && inComment(source, offset)) return [];
  const context = cursorContext(source, offset);
  if (!context) return [];
  const model = await looseModel(context.text, context.root);
  const { hit } = context;
  if (hit.part === "value") {
    const holes = templateItems(context, model);
    if (holes) return holes;
    const field = fieldAt(context.root, hit.path);
    if (!(field && wantsMap(field)))
      return [...valueItems(context, model, hit.path, style), ...newItem(context, field, source, style)];
  }
  const place: KeyPlace =
    hit.part === "key"
      ? { path: hit.path, map: hit.map, hasValue: hit.hasValue, style, column: columnOf(source, context) }
      : { path: hit.path, map: undefined, hasValue: false, style, column: columnOf(source, context) };
  // A map that is begun on the line of its own key would be no map.
  if (hit.part === "value" && style === "block" && opensOnKeyLine(source, context)) return [];
  const names = keyNamesFor(model, place.path);
  return names ? nameKeyItems(context, place, names) : keyItems(context, place);
}

/** A value where the language has a map: the first key of that map is being typed. */
function wantsMap({ schema, definition, inJsonSchema }: Field): boolean {
  if (inJsonSchema) return definition === "JsonSchema";
  return schema.oneOf !== undefined || schema.type === "object";
}

/** An item of a list that has none yet, with its dash. */
function newItem(
  context: CursorContext,
  field: Field | undefined,
  source: string,
  style: Style,
): readonly CompletionItem[] {
  const item = field && itemOf(field.schema);
  const onOwnLine = /^\s*$/.test(source.slice(lineStart(source, context.span.start), context.span.start));
  if (!item || style !== "block" || !onOwnLine || context.quote !== "") return [];
  const insert = itemSkeleton(item, style, columnOf(source, context));
  return [
    {
      label: "- ",
      kind: "item",
      span: context.span,
      insert,
      snippet: true,
      filter: "-",
      detail: item.title ?? "",
      rank: 0,
    },
  ];
}

function opensOnKeyLine(source: string, { span }: CursorContext): boolean {
  return /:\s*$/.test(source.slice(lineStart(source, span.start), span.start));
}

function columnOf(source: string, { span, quote }: CursorContext): number {
  return span.start - lineStart(source, span.start) - quote.length;
}

/** JSON by the document's first sign; otherwise by whether a flow collection is open before the cursor. */
function styleAt(source: string, offset: number): Style {
  if (/^\ufeff?\s*[{[]\s*(?:["}\]]|$)/.test(source)) return "json";
  const line = source.slice(lineStart(source, offset), offset);
  const open = (line.match(/(?<=^|[\s,[{])[{[]/g) ?? []).length - (line.match(/[}\]]/g) ?? []).length;
  return open > 0 ? "flow" : "block";
}

/** Behind a `#` that begins a comment; one in quotes does not. */
function inComment(source: string, offset: number): boolean {
  const line = source.slice(lineStart(source, offset), offset);
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? "";
    if (quote === '"' && char === "\\") at += 1;
    else if (quote) quote = char === quote ? "" : quote;
    else if ((char === '"' || char === "'") && /[\s,[{]/.test(line[at - 1] ?? " ")) quote = char;
    else if (char === "#" && (at === 0 || /\s/.test(line[at - 1] ?? ""))) return true;
  }
  return false;
}
