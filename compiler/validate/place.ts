import { entry, type MapNode, type Node, type Pointer } from "../read/tree.ts";
import { kinds, property, resolve, rootShape, type Shape, shapeOfMap } from "./shape.ts";

/** A map of the descriptor with what the language says of it, and the map around it. */
export interface Place {
  /** The shape of the map's own kind. */
  readonly shape: Shape;
  /** The kinds that the map could be of. */
  readonly kinds: readonly Shape[];
  readonly node: MapNode;
  /** The keys that the map has. */
  readonly keys: Pick<ReadonlySet<string>, "has">;
  /** The path as the author wrote it, and in the mended tree. */
  readonly from: Pointer;
  readonly to: Pointer;
  readonly parent?: Place;
}

/** The place of a map; undefined where the language leaves its keys to the author. */
export function placeOf(
  shape: Shape,
  node: MapNode,
  from: Pointer,
  to: Pointer,
  parent: Place | undefined,
): Place | undefined {
  const own = shapeOfMap(shape, node);
  if (!own.properties) return undefined;
  const keys = { has: (key: string) => entry(node, key) !== undefined };
  return { shape: own, kinds: kinds(shape), node, keys, from, to, ...(parent ? { parent } : {}) };
}

/** What a section is called in a sentence. */
export function titleOf(shape: Shape): string {
  return shape === rootShape ? "top level of the descriptor" : (shape.title ?? "section");
}

/** Keys that the language knows for the map. Reserved ones are no suggestion. */
export function legalKeys(shape: Shape): readonly string[] {
  const before = known.get(shape);
  if (before) return before;
  const entries = Object.entries(shape.properties ?? {});
  const keys = entries.filter(([, value]) => !value["x-reserved"]).map(([key]) => key);
  known.set(shape, keys);
  return keys;
}

const known = new WeakMap<Shape, readonly string[]>();

/** The shapes below a shape that are maps with known keys: in a map or, where `lists`, in a list. */
export function innerShapes(shape: Shape, lists: boolean): readonly { key: string; shape: Shape }[] {
  return Object.entries(shape.properties ?? {}).flatMap(([key, value]) => {
    const inner = resolve(value);
    const target =
      inner.properties || inner.oneOf ? inner : lists && inner.items ? resolve(inner.items) : undefined;
    return target ? kinds(target).map((kind) => ({ key, shape: kind })) : [];
  });
}

/** Whether a value is of a type that the shape accepts; a listed value counts as text. */
export function fits(node: Node, shape: Shape): boolean {
  const target = resolve(shape);
  if (target.type === undefined)
    return target.oneOf ? node.kind === "map" : target.enum ? isText(node) : true;
  const types = typeof target.type === "string" ? [target.type] : target.type;
  if (node.kind === "map") return types.includes("object");
  if (node.kind === "list") return types.includes("array");
  if (typeof node.value === "number") return types.includes("number") || types.includes("integer");
  return types.includes(typeof node.value === "object" ? "null" : typeof node.value);
}

function isText(node: Node): boolean {
  return node.kind === "scalar" && typeof node.value === "string";
}

/** Whether a shape knows a key. */
export function knows(shape: Shape, key: string): boolean {
  return property(shape, key) !== undefined;
}
