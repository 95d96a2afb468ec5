import type { Json, JsonObject, JsonSchema, Operation } from "../ir.ts";
import type { PathStep } from "../language/jsonpath.ts";
import {
  isSchema,
  member,
  resolveReference,
  type Schemas,
  schemaMap,
  type Target,
} from "../language/schema-reference.ts";
import { type AnswerKind, answerKind } from "./arguments.ts";
import type { Brevity } from "./brevity.ts";
import { argumentName } from "./names.ts";

/** Addresses of other resources, which are rarely what one looks for in a record. */
const isAddress = /(?:^|_)(?:urls?|href|_?links)$|^node_id$/;

/**
 * What an answer may hold, as a hint: members by name, nothing required and nothing forbidden, since clients refuse an
 * answer that does not fit, and servers stray from their documents. Undefined where nothing is known.
 */
export function outputSchema(
  operation: Operation,
  schemas: Schemas,
  { members: most }: Brevity,
): JsonObject | undefined {
  const kind: AnswerKind = answerKind(operation);
  const { schema, records } = operation.exchange.response;
  if (kind === "bytes" || schema === undefined) return undefined;
  const whole = open(schema, schema, schemas);
  if (kind === "value") {
    const members = whole && membersOf(whole, most);
    return members && { type: "object", properties: members };
  }
  const steps = records.kind === "plain" ? records.steps : undefined;
  const record = whole && steps && recordOf(whole, steps, schemas);
  const members = record && membersOf(record, most);
  return {
    type: "object",
    properties: {
      items: { type: "array", ...(members ? { items: { properties: members } } : {}) },
      next_cursor: { type: "string" },
    },
  };
}

/** The schema behind references and single combinations. */
function open(schema: JsonSchema, root: JsonSchema, schemas: Schemas): Target | undefined {
  let at: Target = { schema, root, name: "" };
  for (let hops = 0; hops < 20; hops++) {
    if (typeof at.schema === "boolean") return undefined;
    const reference = member(at.schema, "$ref");
    if (typeof reference !== "string") return at;
    const next = resolveReference(reference, { schemas, root: at.root });
    if (!next) return undefined;
    at = next;
  }
  return undefined;
}

/** The schema of one record: down the path's names, and into lists. */
function recordOf(whole: Target, steps: readonly PathStep[], schemas: Schemas): Target | undefined {
  let at: Target | undefined = whole;
  for (const step of steps) {
    if (!at) return undefined;
    at = typeof step === "string" ? memberOf(at, step, schemas) : itemOf(at, schemas);
  }
  return at && (itemOf(at, schemas) ?? at);
}

function itemOf({ schema, root }: Target, schemas: Schemas): Target | undefined {
  const items = typeof schema === "object" ? member(schema, "items") : undefined;
  return isSchema(items) ? open(items, root, schemas) : undefined;
}

function memberOf({ schema, root }: Target, name: string, schemas: Schemas): Target | undefined {
  const found = propertiesOf(schema).find(([key]) => key === name)?.[1];
  return found === undefined ? undefined : open(found, root, schemas);
}

function propertiesOf(schema: JsonSchema): readonly (readonly [string, JsonSchema])[] {
  return typeof schema === "object" ? schemaMap(member(schema, "properties")) : [];
}

/** Names alone: a type would be a constraint, and takes more of a context than it tells. One that clients refuse is left out. */
function membersOf({ schema }: Target, most: number): { readonly [key: string]: Json } | undefined {
  const properties = propertiesOf(schema)
    .filter(([key]) => argumentName(key) === key && !isAddress.test(key))
    .slice(0, most);
  return properties.length === 0 ? undefined : Object.fromEntries(properties.map(([key]) => [key, {}]));
}
