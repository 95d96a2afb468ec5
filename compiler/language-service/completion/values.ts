/** Values that a key may have: listed choices, and names of what the descriptor declares. */
import type { Model } from "../../lower/lower.ts";
import { nodeAt, type Pointer } from "../../read/tree.ts";
import { describeField } from "../hover.ts";
import { choicesOf, fieldAt } from "../language-schema.ts";
import { prose } from "../markdown.ts";
import { schemaTypes } from "../schema-keywords.ts";
import { isPlain, writtenName } from "../written-name.ts";
import type { CursorContext } from "./cursor-context.ts";
import type { CompletionItem } from "./items.ts";
import { namesFor, type OfferedName } from "./names.ts";
import type { Style } from "./skeleton.ts";

export function valueItems(
  context: CursorContext,
  model: Model,
  path: Pointer,
  style: Style,
): readonly CompletionItem[] {
  const names = namesFor(model, path);
  if (names) return nameItems(context, names, path, style);
  const field = fieldAt(context.root, path);
  if (!field) return [];
  if (field.inJsonSchema && field.definition === undefined)
    return path.at(-1) === "type"
      ? schemaTypes.map((type, rank) => item(context, type, type, "JSON Schema", style, rank))
      : [];
  const documentation = describeField(field).join("\n\n");
  const { schema } = field;
  const choices = choicesOf(schema).map((choice, rank) => {
    const detail = choice === schema.default ? "default" : "";
    return { ...item(context, String(choice), choice, detail, style, rank), documentation };
  });
  const examples =
    choices.length > 0
      ? []
      : [...(schema.examples ?? []), ...(schema.default === undefined ? [] : [schema.default])];
  return [
    ...choices,
    ...examples
      .filter((one) => typeof one !== "object")
      .map((one, index) => ({
        ...item(context, String(one), one, "example", style, 100 + index),
        documentation,
      })),
  ];
}

function nameItems(
  context: CursorContext,
  names: readonly OfferedName[],
  path: Pointer,
  style: Style,
): readonly CompletionItem[] {
  const list = typeof path.at(-1) === "number" ? nodeAt(context.root, path.slice(0, -1)) : undefined;
  const given = new Set(
    list?.kind === "list" ? list.items.flatMap((one) => (one.kind === "scalar" ? [one.value] : [])) : [],
  );
  const distinct = new Map(names.map((one) => [one.name, one]));
  return [...distinct.values()]
    .filter(({ name }) => !given.has(name) && !name.includes(context.mark))
    .map(({ name, detail, description }, rank) => ({
      ...item(context, name, name, detail, style, rank),
      kind: "reference" as const,
      ...(description === undefined ? {} : { documentation: prose(description) }),
    }));
}

function item(
  context: CursorContext,
  label: string,
  value: unknown,
  detail: string,
  style: Style,
  rank: number,
): CompletionItem {
  const insert = (context.needsBlank ? " " : "") + written(value, context, style);
  return { label, kind: "value", span: context.span, insert, snippet: false, detail, rank };
}

/** Within quotes the bare text, with the quote that is still missing; without, quotes where the value needs them. */
function written(value: unknown, { quote, closed }: CursorContext, style: Style): string {
  if (quote !== "")
    return writtenName(String(value), quote === '"' ? "double" : "single") + (closed ? "" : quote);
  if (typeof value !== "string") return String(value);
  return style === "json" || !isPlain(value) ? JSON.stringify(value) : value;
}
