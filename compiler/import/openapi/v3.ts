/** OpenAPI 3.0, 3.1 and 3.2 to the model. */

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

/** Reads one operation of a path item. */
export function readOperation(
  item: PathItem,
  method: string,
  operation: Located,
  source: Source,
  notes: Notes,
): ApiOperation {
  const { value } = operation;
  const parameters = mergeParameters(
    readParameters(item.shared, source, notes),
    readParameters(listed(operation, "parameters"), source, notes),
  );
  return {
    path: item.path,
    method,
    id: textAt(value, "operationId"),
    summary: textAt(value, "summary") ?? item.summary,
    description: textAt(value, "description") ?? item.description,
    tags: listAt(value, "tags").filter((tag) => typeof tag === "string"),
    deprecated: at(value, "deprecated") === true,
    security: securityOf(value),
    servers: listAt(value, "servers").length > 0 ? listAt(value, "servers") : item.servers,
    parameters,
    body: readBody(operation, source, notes),
    responses: readResponses(operation, source, notes),
    callbacks: Object.keys(mapAt(value, "callbacks")),
    at: operation.at,
  };
}

/** The alternatives of `security`; undefined where it is not given. */
export function securityOf(owner: unknown): readonly DataMap[] | undefined {
  const security = at(owner, "security");
  return Array.isArray(security) ? security.filter(isMap) : undefined;
}

/** The entries of a list, with their places. */
export function listed(owner: Located, key: string): readonly Located[] {
  return listAt(owner.value, key).map((value, index) => ({
    value,
    file: owner.file,
    at: below(owner.at, key, index),
  }));
}

/** Those of the operation win over those that its path has for all. */
function mergeParameters(
  shared: readonly ApiParameter[],
  own: readonly ApiParameter[],
): readonly ApiParameter[] {
  const id = (one: ApiParameter): string =>
    `${one.in} ${one.in === "header" ? one.name.toLowerCase() : one.name}`;
  const all = new Map(shared.map((one) => [id(one), one]));
  for (const one of own) all.set(id(one), one);
  return [...all.values()];
}

function readParameters(places: readonly Located[], source: Source, notes: Notes): readonly ApiParameter[] {
  return places.flatMap((place) => {
    const found = source.follow(place);
    const name = textAt(found?.value, "name");
    const where = textAt(found?.value, "in");
    if (!found || name === undefined || where === undefined) {
      notes.lose(place.at, "This parameter is left out: it has no name and place, or refers to nothing.");
      return [];
    }
    return [readParameter(name, where, found, place.at)];
  });
}

function readParameter(
  name: string,
  where: string,
  { value, file, at: pointer }: Located,
  place: string,
): ApiParameter {
  const explode = at(value, "explode");
  const owner = { value, file, at: pointer };
  return {
    name,
    in: where,
    required: at(value, "required") === true,
    description: textAt(value, "description"),
    deprecated: at(value, "deprecated") === true,
    style: textAt(value, "style"),
    explode: typeof explode === "boolean" ? explode : undefined,
    schema: inside(owner, "schema"),
    content: readContents(owner)[0],
    example: at(value, "example") ?? firstExample(mapAt(value, "examples")),
    ...(at(value, "allowReserved") === true ? { keepsReserved: true } : {}),
    at: place,
  };
}

function firstExample(examples: DataMap): unknown {
  return at(Object.values(examples)[0], "value");
}

/** A value of a map, with its place; undefined where there is none. */
export function inside(owner: Located, key: string): Located | undefined {
  const value = at(owner.value, key);
  return value === undefined ? undefined : { value, file: owner.file, at: below(owner.at, key) };
}

/** The content of a body, a response or a parameter, by its media types. */
function readContents(owner: Located): readonly ApiContent[] {
  const contents = inside(owner, "content");
  if (!contents || !isMap(contents.value)) return [];
  return Object.keys(contents.value).flatMap((mediaType) => {
    const content = inside(contents, mediaType);
    if (!content) return [];
    const schema = inside(content, "schema");
    const hasExamples =
      at(content.value, "example") !== undefined || Object.keys(mapAt(content.value, "examples")).length > 0;
    return [
      {
        mediaType,
        schema,
        encoding: mapAt(content.value, "encoding"),
        items: inside(content, "itemSchema"),
        ...(hasExamples ? { hasExamples } : {}),
      },
    ];
  });
}

function readBody(operation: Located, source: Source, notes: Notes): ApiBody | undefined {
  const place = inside(operation, "requestBody");
  if (!place) return undefined;
  const found = source.follow(place);
  if (!found) {
    notes.lose(place.at, "The body refers to nothing and is left out.");
    return undefined;
  }
  const required = at(found.value, "required");
  return {
    required: typeof required === "boolean" ? required : undefined,
    description: textAt(found.value, "description"),
    contents: readContents(found),
    at: place.at,
  };
}

function readResponses(operation: Located, source: Source, notes: Notes): readonly ApiResponse[] {
  const responses = inside(operation, "responses");
  if (!responses || !isMap(responses.value)) return [];
  return Object.keys(responses.value).flatMap((status) => {
    const place = inside(responses, status);
    const found = place && source.follow(place);
    if (status.startsWith("x-")) return [];
    if (!place || !found) {
      notes.lose(below(responses.at, status), "This response refers to nothing and is left out.");
      return [];
    }
    return [
      {
        status: status.toLowerCase(),
        description: textAt(found.value, "description"),
        contents: readContents(found),
        headers: Object.keys(mapAt(found.value, "headers")),
        links: Object.keys(mapAt(found.value, "links")),
        at: place.at,
      },
    ];
  });
}
