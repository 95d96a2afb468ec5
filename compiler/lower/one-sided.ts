/**
 * Says of a property wherever it is declared or required what it is elsewhere: set by one side alone. Whoever reads a schema then
 * finds `readOnly` and `writeOnly` beside the `required` that they take back, and need not look through references and
 * combinations.
 */
import type { Connector, Json, JsonObject, JsonSchema, Operation } from "../../schema/ir.ts";
import {
  isSchema,
  member,
  resolveReference,
  type Schemas,
  schemaList,
  schemaMap,
} from "../../schema/language/schema-reference.ts";

type Mark = "readOnly" | "writeOnly";
/** Marks of an object's properties, by name. */
type Marks = ReadonlyMap<string, readonly Mark[]>;
/** A schema, and the document that its references are relative to. */
interface Placed {
  readonly schema: JsonSchema;
  readonly root: JsonSchema;
}

const markNames: readonly Mark[] = ["readOnly", "writeOnly"];
const noMarks: Marks = new Map();
/** Keywords whose schemas judge the same value, and those that judge what is inside it: one or a list of them, or by name. */
const alike = new Set(["allOf", "anyOf", "oneOf", "if", "then", "else"]);
const inside = new Set(["items", "prefixItems", "additionalProperties", "contains", "unevaluatedProperties"]);
const named = new Set(["properties", "patternProperties", "$defs", "definitions"]);

/** The connector with these marks; whatever needs none is left as it is. */
export function markOneSided<Part extends Pick<Connector, "schemas" | "operations">>(connector: Part): Part {
  const { schemas, operations } = connector;
  const all = [
    schemas,
    ...operations.flatMap(({ parameters, exchange }) => [
      exchange.response.schema,
      ...parameters.map(({ schema }) => schema),
    ]),
  ];
  if (!all.some((value) => value !== undefined && hasMarks(value))) return connector;
  const marked = createMarker(schemas);
  return {
    ...connector,
    schemas: Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, marked(schema)])),
    operations: operations.map((operation) => markOperation(operation, marked)),
  };
}

function hasMarks(value: Json): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(hasMarks);
  return Object.entries(value).some(([key, inner]) => (inner === true && isMark(key)) || hasMarks(inner));
}

function isMark(key: string): boolean {
  return key === "readOnly" || key === "writeOnly";
}

function markOperation(operation: Operation, marked: (schema: JsonSchema) => JsonSchema): Operation {
  const { parameters, exchange } = operation;
  const { response } = exchange;
  return {
    ...operation,
    parameters: parameters.map((one) =>
      one.schema === undefined ? one : { ...one, schema: marked(one.schema) },
    ),
    exchange:
      response.schema === undefined
        ? exchange
        : { ...exchange, response: { ...response, schema: marked(response.schema) } },
  };
}

function createMarker(schemas: Schemas): (schema: JsonSchema) => JsonSchema {
  const known = new Map<JsonSchema, Marks>();

  /** What the properties of an object are marked as, by itself and by all that it is made of. */
  function marksOf({ schema, root }: Placed): Marks {
    if (typeof schema === "boolean") return noMarks;
    const found = known.get(schema);
    if (found) return found;
    // A schema that is made of itself adds nothing to itself.
    known.set(schema, noMarks);
    const properties = schemaMap(member(schema, "properties")).flatMap(([name, property]) => {
      const marks = markNames.filter((mark) => isMarked({ schema: property, root }, mark, new Set()));
      return marks.length === 0 ? [] : [[name, marks] as const];
    });
    const marks = together([new Map(properties), ...parts({ schema, root }).map(marksOf)]);
    known.set(schema, marks);
    return marks;
  }

  /** Whether a property bears the mark, or anything that it is made of. */
  function isMarked({ schema, root }: Placed, mark: Mark, seen: Set<JsonSchema>): boolean {
    if (typeof schema === "boolean" || seen.has(schema)) return false;
    seen.add(schema);
    return (
      member(schema, mark) === true || parts({ schema, root }).some((part) => isMarked(part, mark, seen))
    );
  }

  /** What holds of the same value at all events: what it refers to, and each of `allOf`. */
  function parts({ schema, root }: Placed): readonly Placed[] {
    if (typeof schema === "boolean") return [];
    const reference = member(schema, "$ref");
    const target = typeof reference === "string" ? resolveReference(reference, { schemas, root }) : undefined;
    return [
      ...(target ? [target] : []),
      ...schemaList(member(schema, "allOf")).map((part) => ({ schema: part, root })),
    ];
  }

  function mark({ schema, root }: Placed, outer: Marks): JsonSchema {
    if (typeof schema === "boolean") return schema;
    const marks = together([outer, marksOf({ schema, root })]);
    return withMarks(
      changed(schema, (value, key) => {
        if (alike.has(key)) return each(value, (part) => mark({ schema: part, root }, marks));
        if (inside.has(key)) return each(value, (part) => mark({ schema: part, root }, noMarks));
        if (!named.has(key) || !isSchema(value) || typeof value === "boolean") return value;
        return changed(value, (one) => each(one, (part) => mark({ schema: part, root }, noMarks)));
      }),
      marks,
    );
  }

  return (schema) => mark({ schema, root: schema }, noMarks);
}

/** One schema or a list of them, changed. */
function each(value: Json, change: (schema: JsonSchema) => JsonSchema): Json {
  if (isSchema(value)) return change(value);
  if (!Array.isArray(value)) return value;
  const made = value.map((one: Json) => (isSchema(one) ? change(one) : one));
  return made.some((one, index) => one !== value[index]) ? made : value;
}

/** The object with its members changed; itself where none is. */
function changed(value: JsonObject, change: (member: Json, key: string) => Json): JsonObject {
  const entries = Object.entries(value).map(([key, one]) => [key, change(one, key)] as const);
  return entries.some(([key, one]) => one !== value[key]) ? Object.fromEntries(entries) : value;
}

/** The schema with the marks among its own properties, where these or its `required` name them. */
function withMarks(schema: JsonObject, marks: Marks): JsonObject {
  if (marks.size === 0) return schema;
  const declared = member(schema, "properties") ?? {};
  if (!isSchema(declared) || typeof declared === "boolean") return schema;
  const required = member(schema, "required");
  // Where other properties are closed out, one that is not among them stays so.
  const asked = Array.isArray(required) && !Object.hasOwn(schema, "additionalProperties") ? required : [];
  const added = [...marks].flatMap(([name, wanted]): [string, Json][] => {
    const property = member(declared, name) ?? (asked.includes(name) ? {} : undefined);
    if (!isSchema(property) || typeof property === "boolean") return [];
    const missing = wanted.filter((mark) => member(property, mark) !== true);
    if (missing.length === 0) return [];
    return [[name, { ...property, ...Object.fromEntries(missing.map((mark) => [mark, true])) }]];
  });
  return added.length === 0
    ? schema
    : { ...schema, properties: { ...declared, ...Object.fromEntries(added) } };
}

function together(all: readonly Marks[]): Marks {
  const [only, ...more] = all.filter(({ size }) => size > 0);
  if (only === undefined || more.length === 0) return only ?? noMarks;
  const made = new Map(only);
  for (const marks of more)
    for (const [name, some] of marks) made.set(name, [...new Set([...(made.get(name) ?? []), ...some])]);
  return made;
}
