/** Swagger 2.0 to the model. References stay as they are: `#/definitions/…` leads somewhere in its own document. */

import type {
  ApiBody,
  ApiContent,
  ApiOperation,
  ApiParameter,
  ApiResponse,
  Located,
  PathItem,
} from "../api/model.ts";
import { below, type Source } from "../api/source.ts";
import type { Notes } from "../notes.ts";
import { at, type DataMap, isMap, listAt, mapAt, textAt } from "../plain-data.ts";
import { inside, listed, securityOf } from "./v3.ts";

const noEncoding: DataMap = {};

/** Reads one operation of a path item. */
export function readOperation2(
  item: PathItem,
  method: string,
  operation: Located,
  document: DataMap,
  source: Source,
  notes: Notes,
): ApiOperation {
  const { value } = operation;
  const all = parametersOf([...item.shared, ...listed(operation, "parameters")], source, notes);
  const consumes = mediaTypes(value, document, "consumes");
  const produces = mediaTypes(value, document, "produces");
  return {
    path: item.path,
    method,
    id: textAt(value, "operationId"),
    summary: textAt(value, "summary"),
    description: textAt(value, "description"),
    tags: listAt(value, "tags").filter((tag) => typeof tag === "string"),
    deprecated: at(value, "deprecated") === true,
    security: securityOf(value),
    servers: [],
    parameters: all.filter(({ where }) => where !== "body" && where !== "formData").map(readParameter),
    body: readBody(all, consumes, operation.at),
    responses: readResponses(operation, produces, source),
    callbacks: [],
    at: operation.at,
  };
}

interface Declared {
  readonly name: string;
  readonly where: string;
  readonly place: Located;
  readonly at: string;
}

/** Those of the operation win over those that its path has for all. */
function parametersOf(places: readonly Located[], source: Source, notes: Notes): readonly Declared[] {
  const all = new Map<string, Declared>();
  for (const place of places) {
    const found = source.follow(place);
    const name = textAt(found?.value, "name");
    const where = textAt(found?.value, "in");
    if (!found || name === undefined || where === undefined)
      notes.lose(place.at, "This parameter is left out: it has no name and place, or refers to nothing.");
    else all.set(where === "body" ? "body" : `${where} ${name}`, { name, where, place: found, at: place.at });
  }
  return [...all.values()];
}

function mediaTypes(operation: unknown, document: DataMap, key: string): readonly string[] {
  const own = at(operation, key);
  const types = Array.isArray(own) ? own : listAt(document, key);
  return types.filter((type) => typeof type === "string");
}

function readParameter({ name, where, place, at: pointer }: Declared): ApiParameter {
  const { value } = place;
  return {
    name,
    in: where,
    required: at(value, "required") === true,
    description: textAt(value, "description"),
    deprecated: at(value, "deprecated") === true,
    ...styleOf(textAt(value, "collectionFormat"), where, at(value, "type") === "array"),
    schema: inside(place, "schema") ?? { ...place, value: schemaOf(value) },
    content: undefined,
    example: at(value, "x-example"),
    at: pointer,
  };
}

/** A parameter of Swagger 2 is its own schema. */
function schemaOf(parameter: unknown): DataMap {
  const {
    name: _name,
    in: _in,
    required: _required,
    description: _description,
    collectionFormat,
    ...schema
  } = isMap(parameter) ? parameter : {};
  return schema;
}

/** `collectionFormat` as a style of OpenAPI 3; tabs have none. */
function styleOf(
  format: string | undefined,
  where: string,
  isList: boolean,
): Pick<ApiParameter, "style" | "explode"> {
  if (!isList) return { style: undefined, explode: undefined };
  if (format === "multi") return { style: undefined, explode: true };
  if (where !== "query") return { style: undefined, explode: undefined };
  const style = format === "ssv" ? "spaceDelimited" : format === "pipes" ? "pipeDelimited" : format;
  return { style: style === "csv" ? undefined : style, explode: false };
}

function readBody(
  all: readonly Declared[],
  consumes: readonly string[],
  pointer: string,
): ApiBody | undefined {
  const whole = all.find(({ where }) => where === "body");
  if (whole) {
    const required = at(whole.place.value, "required");
    const schema = inside(whole.place, "schema");
    const types = consumes.length > 0 ? consumes : ["application/json"];
    return {
      required: required === true,
      description: textAt(whole.place.value, "description"),
      contents: types.map(
        (mediaType): ApiContent => ({ mediaType, schema, encoding: noEncoding, items: undefined }),
      ),
      at: whole.at,
    };
  }
  const fields = all.filter(({ where }) => where === "formData");
  return fields.length === 0 ? undefined : readForm(fields, consumes, pointer);
}

function readForm(fields: readonly Declared[], consumes: readonly string[], pointer: string): ApiBody {
  const hasFile = fields.some(({ place }) => at(place.value, "type") === "file");
  const isMultipart = hasFile || (consumes.includes("multipart/form-data") && !consumes.includes(form));
  const value = {
    type: "object",
    required: fields.filter(({ place }) => at(place.value, "required") === true).map(({ name }) => name),
    properties: Object.fromEntries(
      fields.map(({ name, place }) => [name, { ...schemaOf(place.value), ...describedBy(place.value) }]),
    ),
  };
  const encoding = Object.fromEntries(
    fields.flatMap(({ name, place }) => {
      const { explode, style } = styleOf(
        textAt(place.value, "collectionFormat"),
        "query",
        at(place.value, "type") === "array",
      );
      return explode === undefined ? [] : [[name, { explode, ...(style === undefined ? {} : { style }) }]];
    }),
  );
  const schema = { value, file: fields[0]?.place.file ?? "", at: below(pointer, "parameters") };
  const mediaType = isMultipart ? "multipart/form-data" : form;
  return {
    required: undefined,
    description: undefined,
    contents: [{ mediaType, schema, encoding, items: undefined }],
    at: pointer,
  };
}

const form = "application/x-www-form-urlencoded";

function describedBy(parameter: unknown): DataMap {
  const description = textAt(parameter, "description");
  return description === undefined ? {} : { description };
}

function readResponses(
  operation: Located,
  produces: readonly string[],
  source: Source,
): readonly ApiResponse[] {
  const responses = inside(operation, "responses");
  if (!responses || !isMap(responses.value)) return [];
  return Object.keys(responses.value).flatMap((status) => {
    const place = inside(responses, status);
    const found = place && source.follow(place);
    if (!found || status.startsWith("x-")) return [];
    const schema = inside(found, "schema");
    const types = produces.length > 0 ? produces : ["application/json"];
    return [
      {
        status: status.toLowerCase(),
        description: textAt(found.value, "description"),
        contents: schema
          ? types.map((mediaType) => ({ mediaType, schema, encoding: noEncoding, items: undefined }))
          : [],
        headers: Object.keys(mapAt(found.value, "headers")),
        links: [],
        at: place.at,
      },
    ];
  });
}
