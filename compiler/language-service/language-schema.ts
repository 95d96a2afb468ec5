/** What the published JSON Schema says of a place in a descriptor: descriptions, defaults, examples, choices. */
import schema from "../../schema/descriptor.schema.json" with { type: "json" };
import { child, type Node, type Pointer } from "../read/tree.ts";

/** The keywords that an editor shows; a definition and what stands beside its `$ref` are one. */
export interface FieldSchema {
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: { readonly [key: string]: FieldSchema };
  readonly required?: readonly string[];
  /** What is required unless something stands beside it. */
  readonly then?: { readonly required?: readonly string[] };
  readonly additionalProperties?: FieldSchema | boolean;
  readonly items?: FieldSchema;
  readonly oneOf?: readonly FieldSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly patternErrorMessage?: string;
  readonly "x-reserved"?: boolean;
}

/** A place: what is said of it, and the map that it is a key of. */
export interface Field {
  readonly schema: FieldSchema;
  /** The name of its definition, such as `Template` or `JsonPath`. */
  readonly definition?: string;
  readonly owner?: FieldSchema;
  readonly key?: string;
  /** At or inside an author's own JSON Schema. */
  readonly inJsonSchema?: boolean;
}

// Typed by its text, which differs from place to place; the shape above is what the parts of `schema/` have.
const root = schema as unknown as FieldSchema & { readonly $defs: { readonly [name: string]: FieldSchema } };

function resolved(field: FieldSchema): { readonly schema: FieldSchema; readonly definition?: string } {
  if (field.$ref === undefined) return { schema: field };
  const definition = field.$ref.replace("#/$defs/", "");
  const { $ref: _, ...beside } = field;
  return { schema: { ...root.$defs[definition], ...beside }, definition };
}

/** The field at a path of a descriptor; `tree` tells apart kinds by their `type`. Undefined where the language says nothing. */
export function fieldAt(tree: Node, path: Pointer): Field | undefined {
  let field: Field = { schema: root };
  let node: Node | undefined = tree;
  for (const part of path) {
    if (field.definition === "JsonSchema") return { schema: {}, inJsonSchema: true };
    const owner = kindOf(field.schema, node);
    const inner = typeof part === "number" ? owner.items : inMap(owner, part);
    if (!inner) return undefined;
    field = { ...resolved(inner), owner, ...(typeof part === "string" ? { key: part } : {}) };
    node = node?.kind === "list" ? node.items[Number(part)] : child(node, String(part));
  }
  return field.definition === "JsonSchema" ? { ...field, inJsonSchema: true } : field;
}

function inMap(owner: FieldSchema, key: string): FieldSchema | undefined {
  if (owner.properties && Object.hasOwn(owner.properties, key)) return owner.properties[key];
  return typeof owner.additionalProperties === "object" ? owner.additionalProperties : undefined;
}

/** Of a shape with kinds the one that `type` names, else all in one. */
export function kindOf(field: FieldSchema, node: Node | undefined): FieldSchema {
  if (!field.oneOf) return field;
  const kinds = field.oneOf.map((one) => resolved(one).schema);
  const type = child(node, "type");
  const tag = type?.kind === "scalar" ? type.value : undefined;
  const kind = kinds.find((one) => choicesOf(one.properties?.type ?? {}).includes(tag));
  if (kind) return kind;
  const tags = kinds.flatMap((one) => choicesOf(one.properties?.type ?? {}));
  const properties = Object.assign({}, ...kinds.map((one) => one.properties));
  return { ...field, properties: { ...properties, type: { ...properties.type, enum: tags } } };
}

/** The field behind a property, its definition written out. */
export function propertyOf(owner: FieldSchema, key: string): FieldSchema | undefined {
  const inner = inMap(owner, key);
  return inner && resolved(inner).schema;
}

export function itemOf(owner: FieldSchema): FieldSchema | undefined {
  return owner.items && resolved(owner.items).schema;
}

/** Values that the language lists for a field. */
export function choicesOf(field: FieldSchema): readonly unknown[] {
  if (field.enum) return field.enum;
  if (Object.hasOwn(field, "const")) return [field.const];
  return field.type === "boolean" ? [true, false] : [];
}

/** The types of a field in the words of the language reference. */
export function typeWords({ type, oneOf, enum: choices }: FieldSchema): string {
  if (choices) return "one of a list";
  const types = oneOf ? ["object"] : typeof type === "string" ? [type] : (type ?? []);
  return types.map((one) => words[one] ?? one).join(" or ") || "any value";
}

const words: { readonly [type: string]: string } = { object: "map", array: "list", integer: "whole number" };
