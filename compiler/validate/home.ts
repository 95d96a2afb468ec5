/** Where a misplaced key belongs, if there is one place alone. */
import { child, type Entry, entry, type MapNode, type Node, type Pointer } from "../read/tree.ts";
import { fits, innerShapes, knows, type Place, titleOf } from "./place.ts";
import { property, resolve, type Shape, shapeOfMap } from "./shape.ts";

/** The only place where a key can have been meant: a map, and the entry that it is to follow there. */
export interface Home {
  readonly into: MapNode;
  readonly after?: Entry;
  /** The path of the map, as the author wrote it. */
  readonly path: Pointer;
  /** The map has such a key already. */
  readonly taken: boolean;
  /** What the place is called. */
  readonly name: string;
}

/** The map around, where no list stands between, no section beside knows the key too, and it is not given yet. */
export function homeAbove(key: string, { to }: Place, parent: Place): Home | undefined {
  const after = entry(parent.node, String(to.at(-1)));
  const isOnly =
    to.length === parent.to.length + 1 && !innerShapes(parent.shape, true).some((b) => knows(b.shape, key));
  if (!after || !isOnly) return undefined;
  const name = `the ${titleOf(parent.shape)}`;
  return { into: parent.node, after, path: parent.from, taken: parent.keys.has(key), name };
}

/** The map at a key of a level, where it takes such a value. */
export function homeIn(
  { node, from }: Place,
  name: string,
  shape: Shape,
  key: string,
  value: Node,
): Home | undefined {
  const into = child(node, name);
  const target = property(shape, key);
  if (into?.kind !== "map" || into.entries.length === 0 || !target || !fits(value, target)) return undefined;
  return { into, path: [...from, name], taken: entry(into, key) !== undefined, name: `\`${name}\`` };
}

/** The only section of an outer level that knows the key, where no list stands between. */
export function homeBeside(key: string, value: Node, { to }: Place, level: Place): Home | undefined {
  const knowing = innerShapes(level.shape, true).filter(({ shape }) => knows(shape, key));
  const given = knowing.filter((below) => below.shape === shapeIn(level, below.key));
  const [only] = given;
  const isOnly = new Set(knowing.map((below) => below.key)).size === 1;
  if (!only || !isOnly || to.slice(level.to.length).some((part) => typeof part === "number"))
    return undefined;
  return homeIn(level, only.key, only.shape, key, value);
}

/** The shape of the map that stands at a key of a level, of its own kind. */
function shapeIn({ node, shape }: Place, key: string): Shape | undefined {
  const value = child(node, key);
  const inner = property(shape, key);
  return value?.kind === "map" && inner ? shapeOfMap(resolve(inner), value) : undefined;
}
