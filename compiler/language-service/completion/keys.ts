/** Keys that may stand at a place: required ones first, those that are there already left out. */
import type { MapNode, Pointer } from "../../read/tree.ts";
import { describeField } from "../hover.ts";
import { type Field, fieldAt, kindOf, propertyOf } from "../language-schema.ts";
import { schemaKeywords } from "../schema-keywords.ts";
import type { CursorContext } from "./cursor-context.ts";
import { type CompletionItem, literal } from "./items.ts";
import { entrySkeleton, type Style } from "./skeleton.ts";

export interface KeyPlace {
  readonly path: Pointer;
  readonly map: MapNode | undefined;
  readonly style: Style;
  readonly column: number;
  /** The key has a value already: only its name is replaced. */
  readonly hasValue: boolean;
}

export function keyItems(context: CursorContext, place: KeyPlace): readonly CompletionItem[] {
  const field = fieldAt(context.root, place.path);
  if (!field) return [];
  const given = new Set(place.map?.entries.map(({ key }) => key));
  if (field.inJsonSchema) return schemaKeywordItems(context, place, given);
  const owner = kindOf(field.schema, place.map);
  return Object.keys(owner.properties ?? {}).flatMap((key, order) => {
    const schema = propertyOf(owner, key);
    if (!schema || given.has(key) || schema["x-reserved"]) return [];
    const required = owner.required?.includes(key) === true;
    const item: Field = { schema, owner, key };
    return [
      {
        ...keyText(key, context, place, () => entrySkeleton(key, schema, place.style, place.column)),
        label: key,
        kind: "key" as const,
        detail: required ? "required" : (schema.title ?? ""),
        documentation: describeField(item).join("\n\n"),
        rank: (required ? 0 : 1000) + order,
      },
    ];
  });
}

/** Names that the author gives, such as parameters in a mapping. */
export function nameKeyItems(
  context: CursorContext,
  place: KeyPlace,
  names: readonly { readonly name: string; readonly detail: string }[],
): readonly CompletionItem[] {
  const given = new Set(place.map?.entries.map(({ key }) => key));
  return names
    .filter(({ name }) => !given.has(name))
    .map(({ name, detail }, rank) => ({
      ...keyText(
        name,
        context,
        place,
        () => `${literal(place.style === "json" ? JSON.stringify(name) : name)}: $1`,
      ),
      label: name,
      kind: "reference" as const,
      detail,
      rank,
    }));
}

function schemaKeywordItems(
  context: CursorContext,
  place: KeyPlace,
  given: ReadonlySet<string>,
): readonly CompletionItem[] {
  const parent = place.path.at(-1);
  // Below these stand names that the author gives.
  if (parent === "properties" || parent === "$defs" || parent === "required") return [];
  return Object.entries(schemaKeywords)
    .filter(([keyword]) => !given.has(keyword))
    .map(([keyword, words], rank) => ({
      ...keyText(
        keyword,
        context,
        place,
        () => `${literal(place.style === "json" ? JSON.stringify(keyword) : keyword)}: $1`,
      ),
      label: keyword,
      kind: "key" as const,
      detail: "JSON Schema",
      documentation: words,
      rank,
    }));
}

type KeyText = Pick<CompletionItem, "span" | "insert" | "snippet" | "filter">;

/** In quotes the whole quoted key is replaced, so that what follows the key stands behind its closing quote. */
function keyText(key: string, context: CursorContext, place: KeyPlace, skeleton: () => string): KeyText {
  const { span, quote } = context;
  if (place.hasValue) return { span, insert: key, snippet: false };
  if (quote === "")
    return { span, insert: skeleton(), snippet: true, ...(place.style === "json" ? { filter: key } : {}) };
  const whole = { start: span.start - 1, end: span.end + (context.closed ? 1 : 0) };
  return { span: whole, insert: skeleton(), snippet: true, filter: `${quote}${key}${quote}` };
}
