import type { FieldType, Json, Operation } from "../../../schema/ir.ts";
import { literalType } from "./literal.ts";
import { atom, list, type TypeText, union, unknownType } from "./type-text.ts";

/** What a caller gives for a parameter, setting or credential of a type. */
export function fieldType(type: FieldType): TypeText {
  switch (type) {
    case "string":
    case "secret":
    case "password":
    case "date":
    case "datetime":
      return atom("string");
    case "integer":
    case "number":
      return atom("number");
    case "boolean":
      return atom("boolean");
    case "json":
      return unknownType;
    case "array":
      return list(unknownType, true);
    case "object":
      return atom("{ readonly [key: string]: unknown }");
    case "file":
      return union([atom("Uint8Array"), atom("string"), atom("FileUpload")], "");
  }
}

/** A parameter takes what says its value as well: a `Date`, a `bigint` with all its digits. */
export function givenType(type: FieldType): TypeText {
  switch (type) {
    case "date":
    case "datetime":
      return union([fieldType(type), atom("Date")], "");
    case "integer":
    case "number":
      return union([fieldType(type), atom("bigint")], "");
    default:
      return fieldType(type);
  }
}

/** A credential of type json is the document's text, or what it parses to. */
export function credentialType(type: FieldType): TypeText {
  return type === "json" ? union([atom("string"), fieldType("object")], "") : fieldType(type);
}

/** The values that a field is limited to, else its type. */
export function limitedType(values: readonly Json[] | undefined, type: TypeText, indent: string): TypeText {
  return values === undefined
    ? type
    : union(
        values.map((value) => atom(literalType(value) ?? "unknown")),
        indent,
      );
}

/** What the runtime makes of an answer that no schema describes. */
export function decodedType(operation: Operation): TypeText {
  switch (operation.exchange.response.type) {
    case "text":
      return atom("string");
    case "binary":
      return atom("Uint8Array");
    case "csv":
      return list(decodedRecordType(operation), false);
    case "jsonl":
      return list(unknownType, false);
    case "form":
      return atom("{ [field: string]: string }");
    case "json":
    case "xml":
      return unknownType;
  }
}

/** A record of such an answer: a CSV row by its header names, else anything. */
export function decodedRecordType(operation: Operation): TypeText {
  return operation.exchange.response.type === "csv" ? atom("{ [column: string]: string }") : unknownType;
}
