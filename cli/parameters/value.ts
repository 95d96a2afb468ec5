import type { FieldType, JsonSchema } from "../../schema/ir.ts";

/** A value read from text, or a sentence's end that says what was expected. */
export type ReadValue = { readonly value: unknown } | { readonly expected: string };

/** Reads command-line or environment text by the type that the descriptor declares. */
export function readValue(text: string, type: FieldType, schema?: JsonSchema): ReadValue {
  switch (type) {
    case "integer":
      return readInteger(text);
    case "number":
      return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)
        ? { value: Number(text) }
        : { expected: "a number" };
    case "boolean":
      return text === "true" || text === "false" ? { value: text === "true" } : { expected: "true or false" };
    case "json":
      return readJson(text, () => true, "JSON (quote a string as JSON does)");
    case "object":
      return readJson(
        text,
        (value) => typeof value === "object" && value !== null && !Array.isArray(value),
        "a JSON object",
      );
    case "array":
      return text.trimStart().startsWith("[")
        ? readJson(text, Array.isArray, "a JSON list, or one element")
        : readElement(text, schema);
    default:
      return { value: text };
  }
}

/** Past ±2^53 a number would lose digits: the text itself goes on. */
function readInteger(text: string): ReadValue {
  if (!/^[+-]?\d+$/.test(text)) return { expected: "an integer" };
  const value = Number(text);
  return { value: Number.isSafeInteger(value) ? value : text.replace(/^\+/, "") };
}

function readJson(text: string, accepts: (value: unknown) => boolean, expected: string): ReadValue {
  try {
    const value: unknown = JSON.parse(text);
    return accepts(value) ? { value } : { expected };
  } catch {
    return { expected };
  }
}

/** One element of a list, by the type that the parameter's schema gives its items. */
export function readElement(text: string, schema: JsonSchema | undefined): ReadValue {
  const read = readValue(text, itemType(schema));
  return "value" in read ? { value: [read.value] } : read;
}

function itemType(schema: JsonSchema | undefined): FieldType {
  if (typeof schema !== "object") return "string";
  const { items } = schema;
  const type = typeof items === "object" && items !== null && "type" in items ? items.type : undefined;
  return type === "integer" || type === "number" || type === "boolean" || type === "object" ? type : "string";
}
