import type { FieldType } from "../../schema/ir.ts";
import type { Cursor } from "./cursor.ts";
import type { DeclaredField } from "./declared.ts";

/** A credential field or a setting; none where it has no name. */
export function declareField(at: Cursor, credential: boolean): DeclaredField[] {
  const key = at.at("key").string();
  if (key === undefined) return [];
  const type = fieldType(at.at("field_type").string());
  return [
    {
      key,
      type,
      required: at.at("required").boolean() ?? true,
      secret:
        credential &&
        (at.at("secret").boolean() === true || type === "secret" || type === "password" || type === "json"),
      implied: false,
      bounded:
        at.has("pattern") || at.has("enum") || at.has("format") || type === "integer" || type === "boolean",
      at,
    },
  ];
}

const fieldTypes: readonly string[] = [
  "string",
  "integer",
  "number",
  "boolean",
  "secret",
  "password",
  "json",
  "array",
  "object",
  "date",
  "datetime",
  "file",
];

/** The type of that name; where there is none, the default. */
export function fieldType(text: string | undefined): FieldType {
  return text !== undefined && isFieldType(text) ? text : "string";
}

function isFieldType(text: string): text is FieldType {
  return fieldTypes.includes(text);
}
