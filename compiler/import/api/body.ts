/** Bodies of requests: fields where the body is a map of them, else one parameter that is all of it. */
import type { Operation, Parameter } from "../../../schema/descriptor.ts";
import { isForbidden, type Names, templateName } from "../names.ts";
import { at, isMap } from "../plain-data.ts";
import { type BodyField, fieldsOf } from "./body-fields.ts";
import { type BodyKind, bodyKind, rankContent } from "./body-kind.ts";
import { type FieldType, fieldType, valueTypes } from "./field-type.ts";
import type { ApiBody, ApiContent } from "./model.ts";
import { addExample, addSchema, describe, forbiddenName } from "./parameters.ts";
import type { Reading } from "./reading.ts";

export interface CarriedBody {
  readonly parameters: readonly Parameter[];
  readonly body?: NonNullable<Operation["body"]>;
  readonly contentType?: string;
  /** Media types that the body could have as well. */
  readonly others: readonly string[];
}

/** The body of an operation, under the media type that says it best. */
export function carryBody(body: ApiBody, names: Names, reading: Reading): CarriedBody | undefined {
  const contents = [...body.contents].sort((a, b) => rankContent(a.mediaType) - rankContent(b.mediaType));
  const [content, ...others] = contents;
  if (!content) return undefined;
  const kind = bodyKind(content.mediaType);
  const carried =
    kind === "json" || kind === "form" || kind === "multipart" || content.template
      ? carryFields(body, content, kind, names, reading)
      : carryWhole(body, content, kind, names, reading);
  return carried && { ...carried, others: others.map(({ mediaType }) => mediaType) };
}

function carryFields(
  body: ApiBody,
  content: ApiContent,
  kind: BodyKind,
  names: Names,
  reading: Reading,
): Omit<CarriedBody, "others"> | undefined {
  const found = content.schema && fieldsOf(content.schema, kind !== "json", reading.source);
  if (!found && content.template)
    return {
      parameters: [],
      body: content.template((property) => `{${property}}`),
      ...typeOf(content.mediaType, kind),
    };
  if (!found && kind === "json") return carryWhole(body, content, kind, names, reading);
  if (!found) return carryUnnamed(body, content, kind, names, reading);
  const { isOpen, unsaid } = found;
  const fields = found.fields.filter(({ name }) => !isForbidden(name));
  if (fields.length < found.fields.length) reading.notes.lose(body.at, forbiddenName);
  if (unsaid.length > 0)
    reading.notes.lose(
      body.at,
      `What the document says of the fields of this form together is not checked: ${unsaid.join(", ")}.`,
    );
  if (isOpen)
    reading.notes.lose(
      body.at,
      "The body admits further fields beside those named; the descriptor sends the named ones.",
    );
  const parameters = fields.map((field) => carryField(field, body, content, kind, names, reading));
  if (!content.template) return { parameters, ...typeOf(content.mediaType, kind) };
  const holes = new Map(parameters.map(({ name, wire_name: wire }) => [wire ?? name, name]));
  // What stands in a hole is not sent by its name.
  for (const parameter of parameters) delete parameter.wire_name;
  const template = content.template((property) => `{${holes.get(property) ?? property}}`);
  return { parameters, body: template, ...typeOf(content.mediaType, kind) };
}

/** A form whose fields the document does not name: none at all, or a file that is called so. */
function carryUnnamed(
  body: ApiBody,
  content: ApiContent,
  kind: BodyKind,
  names: Names,
  { source, notes }: Reading,
): Omit<CarriedBody, "others"> | undefined {
  const types = valueTypes(content.schema, source);
  if (kind === "form" || types.has("object") || types.size === 0) {
    const further = at(content.schema && source.follow(content.schema)?.value, "additionalProperties");
    if (further === true || isMap(further))
      notes.lose(
        body.at,
        "The form has fields of any name: add those that you send as parameters in `body`.",
      );
    return undefined;
  }
  const parameter: Parameter = { name: names.take("file", "body"), location: "body", field_type: "file" };
  if (parameter.name !== "file") parameter.wire_name = "file";
  notes.lose(body.at, "The document gives the file of this form no name: it is sent as `file`.", parameter);
  return { parameters: [parameter], contentType: "multipart" };
}

/** `json` goes without saying. */
function typeOf(mediaType: string, kind: BodyKind): Pick<CarriedBody, "contentType"> {
  if (mediaType === "application/json") return {};
  return { contentType: usual[mediaType] ?? (kind === "form" || kind === "multipart" ? kind : mediaType) };
}

const usual: { readonly [mediaType: string]: string } = {
  "application/x-www-form-urlencoded": "form",
  "multipart/form-data": "multipart",
  "application/xml": "xml",
  "application/octet-stream": "octet-stream",
};

function carryField(
  { name, schema, required, description }: BodyField,
  body: ApiBody,
  content: ApiContent,
  kind: BodyKind,
  names: Names,
  reading: Reading,
): Parameter {
  const type = typeInBody(fieldType(schema, reading.source), schema, kind, reading);
  const parameter: Parameter = { name: names.take(templateName(name), "body"), location: "body" };
  // A body that may be left out asks for no field.
  if (required && body.required !== false) parameter.required = true;
  describe(parameter, name, description, type);
  if (type !== "string") parameter.field_type = type;
  if (kind === "form" && isBracketed(content, name, type)) parameter.style = "deepObject";
  addSchema(parameter, schema, type, reading);
  addExample(parameter, at(reading.source.follow(schema)?.value, "example"), type);
  return parameter;
}

/** Bytes are a file in the bodies that can carry one. */
function typeInBody(
  type: FieldType,
  schema: BodyField["schema"],
  kind: BodyKind,
  { source }: Reading,
): FieldType {
  if (type === "password") return "string";
  if (kind !== "multipart" || type !== "string") return type;
  const value = source.follow(schema)?.value;
  const isBytes =
    at(value, "format") === "binary" ||
    at(value, "type") === "file" ||
    at(value, "contentMediaType") !== undefined;
  return isBytes ? "file" : type;
}

/** Maps are in brackets by themselves; a list, or what may be one, is where its encoding says `deepObject`. */
function isBracketed({ encoding }: ApiContent, name: string, type: FieldType): boolean {
  return (type === "array" || type === "json") && at(at(encoding, name), "style") === "deepObject";
}

/** The whole body as the value of one parameter. */
function carryWhole(
  body: ApiBody,
  content: ApiContent,
  kind: BodyKind,
  names: Names,
  reading: Reading,
): Omit<CarriedBody, "others"> {
  const type = wholeType(content, kind, reading);
  const parameter: Parameter = { name: names.take("body", "content"), location: "body" };
  if (body.required !== false) parameter.required = true;
  describe(parameter, parameter.name, body.description, type);
  if (type !== "string") parameter.field_type = type;
  if (kind === "json") addSchema(parameter, content.schema, type, reading);
  const contentType =
    kind === "json"
      ? { contentType: content.mediaType === "application/json" ? "json" : content.mediaType }
      : typeOf(content.mediaType, kind);
  return { parameters: [parameter], body: `{${parameter.name}}`, ...contentType };
}

function wholeType(content: ApiContent, kind: BodyKind, { source }: Reading): FieldType {
  if (kind === "json")
    return content.schema && isMap(content.schema.value) ? fieldType(content.schema, source) : "json";
  return kind === "binary" ? "file" : "string";
}
