import type { JsonSchema, Operation } from "../../../schema/ir.ts";
import { isSingular, type PathStep } from "../../../schema/language/jsonpath.ts";
import {
  type Document,
  isSchema,
  member,
  resolveReference,
  type Schemas,
  schemaList,
  schemaMap,
  typeNames,
} from "../../../schema/language/schema-reference.ts";

/** A schema and the document that its references are relative to. */
export interface FoundSchema {
  readonly schema: JsonSchema;
  readonly root: JsonSchema;
}

/** The schema of one record of an operation's answer: what `records_path` leads to, or of a list its items. */
export function recordSchema(operation: Operation, schemas: Schemas): FoundSchema | undefined {
  const { schema, records } = operation.exchange.response;
  if (schema === undefined || records.kind !== "plain") return undefined;
  let at: FoundSchema | undefined = { schema, root: schema };
  for (const step of records.steps) at = at && child(at, step, schemas);
  // A path to many places names the records themselves, a path to one place may name their list.
  const found = isSingular(records) ? at && plain(at, schemas) : undefined;
  return found && isList(found.schema) ? child(found, 0, schemas) : at;
}

/** True where an answer is read record by record: it has pages, or its records are not simply the whole of it. */
export function hasRecords(operation: Operation, schemas: Schemas): boolean {
  const { schema, records, type } = operation.exchange.response;
  if (operation.pagination.kind !== "none" || type === "csv" || type === "jsonl") return true;
  if (records.kind !== "plain" || records.steps.length > 0) return true;
  const found = schema === undefined ? undefined : plain({ schema, root: schema }, schemas);
  return found !== undefined && isList(found.schema);
}

function child(from: FoundSchema, step: PathStep, schemas: Schemas): FoundSchema | undefined {
  const at = plain(from, schemas);
  if (!at || typeof at.schema === "boolean") return undefined;
  const found = typeof step === "string" ? propertySchema(at, step, schemas) : itemSchema(at, step);
  return found === undefined ? undefined : { schema: found.schema, root: found.root };
}

function propertySchema(at: FoundSchema, name: string, schemas: Schemas): FoundSchema | undefined {
  if (typeof at.schema === "boolean") return undefined;
  const own = schemaMap(member(at.schema, "properties")).find(([key]) => key === name);
  if (own) return { schema: own[1], root: at.root };
  for (const part of schemaList(member(at.schema, "allOf"))) {
    const found = child({ schema: part, root: at.root }, name, schemas);
    if (found) return found;
  }
  const others = member(at.schema, "additionalProperties");
  return typeof others === "object" && isSchema(others) ? { schema: others, root: at.root } : undefined;
}

function itemSchema(at: FoundSchema, step: PathStep): FoundSchema | undefined {
  if (typeof at.schema === "boolean") return undefined;
  const wild = typeof step === "object" && step.kind === "wildcard";
  const items = member(at.schema, "items") ?? (wild ? member(at.schema, "additionalProperties") : undefined);
  // Tuples have no one type for their records.
  return isSchema(items) && !Object.hasOwn(at.schema, "prefixItems")
    ? { schema: items, root: at.root }
    : undefined;
}

/** Through references, and through alternatives of which all but one are null. A hundred hops is a circle. */
function plain(from: FoundSchema, schemas: Schemas): FoundSchema | undefined {
  let at: FoundSchema | undefined = from;
  for (let hops = 0; at !== undefined && hops < 100; hops++) {
    const next: FoundSchema | undefined =
      typeof at.schema === "boolean" ? undefined : hop(at, { schemas, root: at.root });
    if (!next) return at;
    at = next;
  }
  return undefined;
}

function hop(at: FoundSchema, document: Document): FoundSchema | undefined {
  if (typeof at.schema === "boolean") return undefined;
  const reference = member(at.schema, "$ref");
  if (typeof reference === "string") return resolveReference(reference, document);
  const choices = [...schemaList(member(at.schema, "anyOf")), ...schemaList(member(at.schema, "oneOf"))];
  const [only, ...others] = choices.filter(
    (schema) => typeof schema === "boolean" || typeNames(schema).join() !== "null",
  );
  return only !== undefined && others.length === 0 ? { schema: only, root: at.root } : undefined;
}

function isList(schema: JsonSchema): boolean {
  if (typeof schema === "boolean") return false;
  const named = typeNames(schema);
  return named.length === 0 ? Object.hasOwn(schema, "items") : named.includes("array");
}
