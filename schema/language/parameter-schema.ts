import type { FieldType, JsonObject, JsonSchema, Parameter } from "../ir.ts";

/** Brings a schema into the form that a document wants; `owner` names what is defined inside it. */
export interface SchemaConverter {
  convert(schema: JsonSchema, owner: string): JsonSchema;
}

/** The schema of a parameter as a caller gives it: its type where its own schema says none, with what is told of it. */
export function parameterSchema(parameter: Parameter, converter: SchemaConverter, owner: string): JsonSchema {
  const { schema, type, description, default: standard, example, secret } = parameter;
  const own = schema === undefined || type === "file" ? {} : converter.convert(schema, owner);
  if (typeof own === "boolean") return own;
  const says = ["type", "$ref", "enum", "const", "allOf", "anyOf", "oneOf"].some((key) =>
    Object.hasOwn(own, key),
  );
  return {
    ...(says ? {} : typeSchema(type)),
    ...own,
    ...(description === undefined ? {} : { description }),
    ...(standard === undefined ? {} : { default: standard }),
    ...(example === undefined || secret ? {} : { examples: [example] }),
  };
}

/** JSON Schema 2020-12 for a field's type. */
export function typeSchema(type: FieldType): JsonObject {
  switch (type) {
    case "string":
      return { type: "string" };
    case "secret":
    case "password":
      return { type: "string", format: "password" };
    case "date":
      return { type: "string", format: "date" };
    case "datetime":
      return { type: "string", format: "date-time" };
    case "integer":
    case "number":
    case "boolean":
      return { type };
    case "array":
      return { type: "array", items: {} };
    case "object":
      return { type: "object" };
    case "json":
      return {};
    case "file":
      return { type: "string", contentMediaType: "application/octet-stream" };
  }
}
