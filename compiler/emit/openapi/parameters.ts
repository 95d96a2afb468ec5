import type { Connector, Entry, JsonObject, Operation, Parameter } from "../../../schema/ir.ts";
import { parameterSchema } from "../../../schema/language/parameter-schema.ts";
import { member } from "../../../schema/language/schema-reference.ts";
import type { SchemaBundle } from "../json-schema/bundle.ts";
import { holeSchema, templateText, type UrlHole } from "./template-text.ts";

type Location = "query" | "header" | "cookie";

/** The Parameter Objects of an operation (OpenAPI 3.1.1, section 4.8.12); `path` are the holes of its path, as named there. */
export function parametersOf(
  operation: Operation,
  path: readonly UrlHole[],
  ir: Connector,
  bundle: SchemaBundle,
): readonly JsonObject[] {
  const { query, headers, cookies } = operation.exchange;
  const listed = [
    ...path.map((hole) => pathParameter(hole, operation, ir, bundle)),
    ...query.map((entry) => entryParameter(entry, "query", operation, bundle)),
    // OpenAPI ignores these three: they follow from the body, the answer and the security schemes.
    ...headers
      .filter(({ name }) => !/^(?:accept|content-type|authorization)$/i.test(name))
      .map((entry) => entryParameter(entry, "header", operation, bundle)),
    ...cookies.map((entry) => entryParameter(entry, "cookie", operation, bundle)),
  ];
  if (operation.idempotency_header !== undefined)
    listed.push({
      name: operation.idempotency_header,
      in: "header",
      description: "Guards a write against being done twice.",
      schema: { type: "string" },
    });
  const seen = new Set<string>();
  return listed.filter(({ name, in: location }) => {
    const key = `${location} ${location === "header" ? String(name).toLowerCase() : name}`;
    return !seen.has(key) && seen.add(key);
  });
}

function pathParameter(hole: UrlHole, operation: Operation, ir: Connector, bundle: SchemaBundle): JsonObject {
  const { symbol, name } = hole;
  const parameter = symbol?.kind === "parameter" ? declared(operation, symbol.name) : undefined;
  return {
    ...about(parameter),
    name,
    in: "path",
    required: true,
    schema: parameter ? parameterSchema(parameter, bundle, operation.id) : holeSchema(hole, ir),
  };
}

function entryParameter(
  entry: Entry,
  location: Location,
  operation: Operation,
  bundle: SchemaBundle,
): JsonObject {
  if (entry.kind === "template") return madeParameter(entry, location);
  const parameter = declared(operation, entry.parameter);
  const standard = location === "header" ? "simple" : "form";
  return {
    ...about(parameter),
    name: entry.name,
    in: location,
    ...(parameter?.required ? { required: true } : {}),
    ...(entry.style === "flag"
      ? { allowEmptyValue: true }
      : entry.style === standard
        ? {}
        : { style: entry.style }),
    ...(entry.style === "flag" || entry.explode === (standard === "form") ? {} : { explode: entry.explode }),
    schema: parameter ? parameterSchema(parameter, bundle, operation.id) : {},
  };
}

/** A constant, or a text that is made of other values. */
function madeParameter(entry: Extract<Entry, { kind: "template" }>, location: Location): JsonObject {
  const { text, holes } = templateText(entry.value);
  if (holes.length === 0)
    return {
      name: entry.name,
      in: location,
      required: true,
      ...(entry.bare ? { allowEmptyValue: true } : {}),
      schema: { type: "string", const: location === "query" ? decoded(text) : text },
    };
  return { name: entry.name, in: location, description: `Made as \`${text}\`.`, schema: { type: "string" } };
}

/** Literal text of a query stands percent-encoded in the representation. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function about(parameter: Parameter | undefined): JsonObject {
  const { description, schema } = parameter ?? {};
  return {
    ...(description === undefined ? {} : { description }),
    ...(typeof schema === "object" && member(schema, "deprecated") === true ? { deprecated: true } : {}),
  };
}

function declared({ parameters }: Operation, name: string): Parameter | undefined {
  return parameters.find((parameter) => parameter.name === name);
}
