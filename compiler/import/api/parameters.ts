/** Parameters of a URL, of headers and of cookies. */
import type { Parameter } from "../../../schema/descriptor.ts";
import type { Json, JsonObject } from "../../../schema/json.ts";
import { isForbidden, type Names, templateName } from "../names.ts";
import { at, mapAt } from "../plain-data.ts";
import { shortText } from "../prose.ts";
import { looksSecret } from "../secrets.ts";
import { type FieldType, fieldType, refinement, valueTypes } from "./field-type.ts";
import type { ApiParameter, Located } from "./model.ts";
import type { Reading } from "./reading.ts";
import { toJson } from "./schema-keywords.ts";

/** What an operation gets of its parameters. */
export interface CarriedParameters {
  readonly parameters: Parameter[];
  /** Query entries and headers that are templates over a parameter: those written as JSON. */
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
  /** What stands in the hole of each path parameter, by its name in the path: the descriptor's name, or a function of it. */
  readonly pathNames: ReadonlyMap<string, string>;
  /** The declaration that each parameter came of. */
  readonly origins: ReadonlyMap<Parameter, ApiParameter>;
}

const locations: ReadonlySet<string> = new Set(["path", "query", "header", "cookie"]);

/** Header names that a request has of its own (RFC 9110); the format itself says to ignore the first three. */
const ignored: ReadonlySet<string> = new Set(["accept", "content-type", "authorization"]);
const reserved =
  /^(?:host|content-length|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|proxy-.*)$/i;

export function carryParameters(
  all: readonly ApiParameter[],
  path: string,
  names: Names,
  reading: Reading,
): CarriedParameters {
  const carried: CarriedParameters & {
    pathNames: Map<string, string>;
    origins: Map<Parameter, ApiParameter>;
  } = {
    parameters: [],
    query: {},
    headers: {},
    pathNames: new Map(),
    origins: new Map(),
  };
  const holes = new Set([...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name ?? ""));
  const wanted = [...all, ...undeclared(holes, all, reading.settings)];
  for (const one of wanted) {
    const problem = unusable(one, holes);
    if (problem !== undefined) {
      if (problem !== "") reading.notes.lose(one.at, problem);
      continue;
    }
    const parameter = carry(one, names, reading);
    carried.parameters.push(parameter);
    carried.origins.set(parameter, one);
    if (one.in === "path")
      carried.pathNames.set(
        one.name,
        one.keepsReserved ? `path({${inHole(parameter.name)}})` : parameter.name,
      );
    else if (one.content) {
      const entries = one.in === "header" ? carried.headers : carried.query;
      entries[one.name] = `{json({${inHole(parameter.name)}})}`;
      delete parameter.wire_name;
    }
  }
  return carried;
}

/** A hole of the path that nothing declares is a parameter all the same. */
function undeclared(
  holes: ReadonlySet<string>,
  all: readonly ApiParameter[],
  settings: ReadonlySet<string> = new Set(),
): readonly ApiParameter[] {
  const known = new Set(all.filter((one) => one.in === "path").map(({ name }) => name));
  return [...holes]
    .filter((name) => !known.has(name) && !settings.has(name))
    .map((name) => ({ ...bareParameter, name, in: "path", required: true }));
}

/** A parameter of which only the place is known. */
export const bareParameter: Omit<ApiParameter, "name" | "in" | "required"> = {
  description: undefined,
  deprecated: false,
  style: undefined,
  explode: undefined,
  schema: undefined,
  content: undefined,
  example: undefined,
  at: "",
};

/** Why a parameter is left out; empty where the format itself says so. */
function unusable(
  { name, in: where, content }: ApiParameter,
  holes: ReadonlySet<string>,
): string | undefined {
  if (!locations.has(where)) return `A descriptor has no parameters in \`${where}\`: this one is left out.`;
  if (where === "path" && !holes.has(name))
    return `The path has no \`{${name}}\`: this parameter is left out.`;
  if (where !== "path" && isForbidden(name)) return forbiddenName;
  if (where === "header" && ignored.has(name.toLowerCase())) return "";
  if (where === "header" && reserved.test(name))
    return `The header ${name} is the connection's own: this parameter is left out.`;
  if (where === "header" && !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
    return "This is no name of a header: the parameter is left out.";
  if (content && (where === "path" || where === "cookie") && !isText(content.mediaType))
    return `A ${where} parameter that is a document of its own cannot be said: it is left out.`;
  return undefined;
}

/** Said where a parameter, or a field of a body, is called like something of JavaScript's own. */
export const forbiddenName = "A descriptor has no names such as this one: the parameter is left out.";

function isText(mediaType: string): boolean {
  return mediaType.startsWith("text/");
}

function carry(one: ApiParameter, names: Names, reading: Reading): Parameter {
  const schema = one.schema ?? one.content?.schema;
  const type = schema ? fieldType(schema, reading.source) : "string";
  const parameter: Parameter = {
    name: names.take(templateName(one.name), one.in),
    // Judged by `unusable`.
    location: one.in as Parameter["location"],
  };
  if (one.required || one.in === "path") parameter.required = true;
  describe(parameter, one.name, one.description ?? descriptionOf(schema, reading), type);
  if (type !== "string") parameter.field_type = type;
  if (!one.content) addStyle(parameter, one, type, schema, reading);
  addSchema(parameter, schema, type, reading);
  addExample(parameter, one.example ?? at(schema?.value, "example"), type);
  if (one.keepsReserved && one.in !== "path")
    reading.notes.lose(
      one.at,
      "The document lets characters such as `/` and `:` stand in this value (`allowReserved`): they are sent percent-encoded.",
      parameter,
    );
  if (one.deprecated) parameter.schema = { ...mapAt(parameter, "schema"), deprecated: true };
  return parameter;
}

/** What all parameters have, also those of a body. */
export function describe(
  parameter: Parameter,
  wireName: string,
  description: string | undefined,
  _type: FieldType,
): void {
  if (parameter.name !== wireName && !isForbidden(wireName)) parameter.wire_name = wireName;
  const text = shortText(description, 500);
  if (text !== undefined) parameter.description = text;
}

function descriptionOf(schema: Located | undefined, { source }: Reading): string | undefined {
  const found = at(schema && source.follow(schema)?.value, "description");
  return typeof found === "string" ? found : undefined;
}

/**
 * The schema without what the field type says. A default is sent where the parameter must be given, and in headers; else
 * it says what the server takes by itself, and stays in the schema: sent along, it might be at odds with another one.
 */
export function addSchema(
  parameter: Parameter,
  from: Located | undefined,
  type: FieldType,
  reading: Reading,
): void {
  if (!from) return;
  const schema = reading.schemas.convert(from, "request");
  const refined = refinement(schema, type);
  if (refined === undefined || typeof refined === "boolean") return;
  const { default: given, ...rest } = refined;
  if (given !== undefined && fits(given, type)) {
    // The generated type of "any JSON value" names maps alone.
    if (isDefaultSent(parameter)) parameter.default_value = given as unknown as JsonObject;
    else Object.assign(rest, { default: given });
  }
  if (Object.keys(rest).length > 0) parameter.schema = rest;
}

/** A header's default is the version that the document is about, and the like. */
function isDefaultSent({ location, required }: Parameter): boolean {
  return location === "header" || (required === true && (location === "query" || location === "cookie"));
}

function fits(value: Json, type: FieldType): value is string | number | boolean {
  if (type === "integer") return Number.isInteger(value);
  if (type === "number" || type === "boolean") return typeof value === type;
  return typeof value === "string";
}

/** An example that is short, of the right type, and nobody's secret. */
export function addExample(parameter: Parameter, example: unknown, type: FieldType): void {
  if (example === undefined || example === null || type === "password" || type === "file") return;
  const value = toJson(example);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text.length === 0 || text.length > 200 || looksSecret(text)) return;
  const isRight =
    type === "array"
      ? Array.isArray(value)
      : type === "object"
        ? isPlainMap(value)
        : fitsExample(value, type);
  if (isRight && value !== null) parameter.example = value as NonNullable<Parameter["example"]>;
}

function fitsExample(value: Json, type: FieldType): boolean {
  return (
    typeof value !== "object" &&
    (type === "json" || fits(value, type) || (type === "string" && typeof value !== "object"))
  );
}

function isPlainMap(value: Json): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Styles by location, the format's default first. */
const styles: { readonly [location: string]: readonly string[] } = {
  query: ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
  path: ["simple", "label", "matrix"],
  header: ["simple"],
  cookie: ["form"],
};

function addStyle(
  parameter: Parameter,
  one: ApiParameter,
  type: FieldType,
  schema: Located | undefined,
  reading: Reading,
): void {
  const types = valueTypes(schema, reading.source);
  const isWhole = type !== "array" && type !== "object" && type !== "json";
  const [usual, ...others] = styles[one.in] ?? [];
  const style = one.style ?? usual;
  if (style !== usual && !others.includes(style ?? ""))
    reading.notes.lose(
      one.at,
      `There is no style \`${style}\` in ${one.in}: lists are written as \`${usual}\`.`,
      parameter,
    );
  else if (
    style !== usual &&
    !(isWhole && one.in === "query") &&
    !(style === "deepObject" && types.size === 0 && isWhole)
  )
    parameter.style = style as NonNullable<Parameter["style"]>;
  const exploded = style === "form" || style === "deepObject";
  if (!isWhole && style !== "deepObject" && one.explode !== undefined && one.explode !== exploded)
    parameter.explode = one.explode;
}

/** A parameter's name as a hole takes it. */
export function inHole(name: string): string {
  return `params.${name}`;
}
