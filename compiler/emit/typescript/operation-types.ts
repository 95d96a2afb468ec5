import type { Parameter } from "../../../schema/ir.ts";
import { type ClientModel, isRequired, type OperationModel } from "./client-model.ts";
import { type DocTag, docComment } from "./comment.ts";
import { decodedRecordType, decodedType, fieldType, givenType } from "./field-type.ts";
import { propertyLine, schemaTags, schemaText } from "./member-text.ts";
import { recordSchema } from "./record-schema.ts";
import { isPlainObject } from "./schema-shape.ts";
import type { SchemaTypes } from "./schema-type.ts";
import { after, type TypeText } from "./type-text.ts";

/** The declarations of an operation: its parameters, its answer, a record of it. Named schemas are left with `schemas`. */
export function operationTypes(
  model: ClientModel,
  of: OperationModel,
  schemas: SchemaTypes,
): readonly string[] {
  const record = recordType(model, of, schemas);
  return [parametersType(of, schemas), ...responseType(of, schemas), ...record];
}

function parametersType({ operation, parameters: name }: OperationModel, schemas: SchemaTypes): string {
  const doc = docComment("", [`Parameters of \`${operation.id}\`.`]);
  if (operation.parameters.length === 0) return `${doc}export type ${name} = { [key: string]: never };\n`;
  const place = { indent: "  ", direction: "request" } as const;
  const lines = operation.parameters.map(
    (parameter) =>
      parameterDoc(parameter) +
      propertyLine(parameter.name, parameterType(parameter, name, schemas), isRequired(parameter), place),
  );
  return `${doc}export interface ${name} {\n${lines.join("")}}\n`;
}

/** The schema refines the type; where it says nothing about it, the type stands. */
function parameterType(parameter: Parameter, owner: string, schemas: SchemaTypes): TypeText {
  const { schema, type } = parameter;
  const plain = givenType(type);
  if (schema === undefined || type === "file") return plain;
  const refined = schemas.typeOf(schema, { direction: "request", root: schema, owner, indent: "  " });
  const says = refined.text !== "unknown" && refined.text !== fieldType(type).text;
  return says ? refined : plain;
}

/** What the parameter says of itself, and its schema where it says nothing. No example of a secret. */
function parameterDoc({ description, default: standard, example, schema, secret }: Parameter): string {
  const own: DocTag[] = [];
  if (standard !== undefined) own.push({ tag: "defaultValue", text: JSON.stringify(standard) });
  if (example !== undefined) own.push({ tag: "example", text: JSON.stringify(example) });
  const more = typeof schema === "object" ? schemaTags(schema) : [];
  const tags = [...more.filter(({ tag }) => !own.some((one) => one.tag === tag)), ...own];
  return docComment(
    "  ",
    [description ?? (typeof schema === "object" ? schemaText(schema) : undefined)],
    tags.filter(({ tag }) => !(secret && tag === "example")),
  );
}

/** Declared through `schemas` where a schema stands, so that a reference to its root finds the name. */
function responseType(
  { operation, response: name }: OperationModel,
  schemas: SchemaTypes,
): readonly string[] {
  const { schema } = operation.exchange.response;
  if (schema !== undefined) {
    schemas.declare(name, schema, { direction: "response", root: schema });
    return [];
  }
  return [
    `${docComment("", [`Answer of \`${operation.id}\`.`])}${after(`export type ${name} =`, decodedType(operation))};\n`,
  ];
}

function recordType(
  { ir }: ClientModel,
  { operation, response, record: name }: OperationModel,
  schemas: SchemaTypes,
): readonly string[] {
  if (name === undefined) return [];
  const doc = docComment("", [`One record of \`${operation.id}\`.`]);
  const found = recordSchema(operation, ir.schemas);
  if (!found) return [`${doc}${after(`export type ${name} =`, decodedRecordType(operation))};\n`];
  if (found.schema === operation.exchange.response.schema)
    return [`${doc}export type ${name} = ${response};\n`];
  if (typeof found.schema === "object" && isPlainObject(found.schema)) {
    schemas.declare(name, found.schema, { direction: "response", root: found.root });
    return [];
  }
  const type = schemas.typeOf(found.schema, {
    direction: "response",
    root: found.root,
    owner: name,
    indent: "",
  });
  return [`${doc}${after(`export type ${name} =`, type)};\n`];
}
