/** Which keys are legal where: the descriptor's schema without its constraints (see `schema/generate/shapes.ts`). */
import type { MapNode } from "../read/tree.ts";
import { child } from "../read/tree.ts";
import { shapes } from "./shapes.gen.js";
import { intendedChoice } from "./spelling.ts";

/** What the descriptor language says of one value; `$ref` names a definition. */
export interface Shape {
  readonly $ref?: string;
  readonly title?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Shape | true;
  readonly items?: Shape;
  /** Kinds that the property `type` tells apart. */
  readonly oneOf?: readonly Shape[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly patternErrorMessage?: string;
  readonly "x-reserved"?: boolean;
}

/** The shape of a whole descriptor. */
export const rootShape: Shape = named("Descriptor");

/** The definition behind a reference; any other shape is itself. */
export function resolve(shape: Shape): Shape {
  return shape.$ref === undefined ? shape : named(shape.$ref);
}

function named(name: string): Shape {
  const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
  if (!shape) throw new Error(`the schema has no definition ${name}`);
  return shape;
}

/** True where an author's JSON Schema stands. */
export function isSchemaShape(shape: Shape): boolean {
  return shape.$ref === "JsonSchema";
}

/** The shape of a property, unresolved. */
export function property(shape: Shape, key: string): Shape | undefined {
  const { properties } = shape;
  return properties && Object.hasOwn(properties, key) ? properties[key] : undefined;
}

/** Values that a closed shape accepts, as far as they are listed. */
export function accepted(shape: Shape): readonly unknown[] | undefined {
  return shape.enum ?? (Object.hasOwn(shape, "const") ? [shape.const] : undefined);
}

/** Kinds of a shape that is told apart by `type`; a plain shape has itself alone. */
export function kinds(shape: Shape): readonly Shape[] {
  const known = kindsOf.get(shape);
  if (known) return known;
  const found = shape.oneOf ? shape.oneOf.map(resolve) : [shape];
  kindsOf.set(shape, found);
  return found;
}

const kindsOf = new WeakMap<Shape, readonly Shape[]>();

/** What `type` may be in a kind. */
export function tags(kind: Shape): readonly unknown[] {
  const type = property(kind, "type");
  return (type && accepted(type)) ?? [];
}

/** Every definition, to look for a key everywhere. */
export function everyShape(): readonly Shape[] {
  return Object.values(shapes);
}

/** The shape that rules over a map: of a shape with kinds, the one that `type` names, or all kinds in one. */
export function shapeOfMap(shape: Shape, node: MapNode): Shape {
  if (!shape.oneOf) return shape;
  const type = child(node, "type");
  const tag = type?.kind === "scalar" ? type.value : undefined;
  const all = kinds(shape);
  const exact = all.find((kind) => tags(kind).includes(tag));
  return exact ?? fitting(node, nearKind(all, tag), all) ?? united(shape, all);
}

/** A guess of the kind that the other keys do not belie. */
function fitting(node: MapNode, kind: Shape | undefined, all: readonly Shape[]): Shape | undefined {
  const belied = node.entries.some(
    ({ key }) => kind && !property(kind, key) && all.some((other) => property(other, key) !== undefined),
  );
  return belied ? undefined : kind;
}

/** The kind whose tag was misspelt, which says nothing against its other keys. */
function nearKind(all: readonly Shape[], tag: unknown): Shape | undefined {
  const meant = typeof tag === "string" ? intendedChoice(tag, all.flatMap(tags)) : undefined;
  const kind = meant === undefined ? undefined : all.find((one) => tags(one).includes(meant));
  return kind && { ...kind, properties: { ...kind.properties, type: { enum: all.flatMap(tags) } } };
}

/** Where `type` tells nothing, the keys of every kind are legal, and `type` may be any tag. */
function united(shape: Shape, all: readonly Shape[]): Shape {
  const properties: Record<string, Shape> = Object.assign({}, ...all.map((kind) => kind.properties));
  return {
    ...(shape.title === undefined ? {} : { title: shape.title }),
    ...(shape.required === undefined ? {} : { required: shape.required }),
    properties: { ...properties, type: { enum: all.flatMap(tags) } },
  };
}

/** What a shape says of the value at a key of its maps. */
export function inMap(shape: Shape, key: string): Shape | undefined {
  const known = property(shape, key);
  if (known) return known;
  return typeof shape.additionalProperties === "object" ? shape.additionalProperties : undefined;
}
