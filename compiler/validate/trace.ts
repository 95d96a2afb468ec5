import type { Entry, MapNode, Node, Pointer, Span } from "../read/tree.ts";
import { inMap, resolve, type Shape, shapeOfMap } from "./shape.ts";

/** What a path leads to. */
export interface Traced {
  readonly to: Pointer;
  readonly node: Node;
  /** What the language says of the value; nothing where the author is free. */
  readonly shape: Shape | undefined;
  /** The key that names the value. */
  readonly keySpan: Span | undefined;
}

/**
 * Follows RFC 6901 paths through a tree. The keys of a map are indexed when it is first crossed, so that a map
 * of many faulty values is not searched once for each of them.
 */
export function tracer(root: Node, rootShape: Shape | undefined): (pointer: string) => Traced | undefined {
  const indexes = new Map<MapNode, ReadonlyMap<string, Entry>>();
  const find = (map: MapNode, key: string): Entry | undefined => {
    const index = indexes.get(map) ?? new Map(map.entries.map((entry) => [entry.key, entry]));
    indexes.set(map, index);
    return index.get(key);
  };
  const step = ({ to, node, shape }: Traced, name: string): Traced | undefined => {
    if (node.kind === "list") {
      const item = node.items[Number(name)];
      return item && traced([...to, Number(name)], item, shape?.items, undefined);
    }
    const found = node.kind === "map" ? find(node, name) : undefined;
    return found && traced([...to, name], found.value, shape && inMap(shape, name), found.keySpan);
  };
  return (pointer) => {
    let at: Traced | undefined = traced([], root, rootShape, undefined);
    for (const part of pointer.split("/").slice(1)) {
      at = at && step(at, part.replaceAll("~1", "/").replaceAll("~0", "~"));
    }
    return at;
  };
}

/** A shape that has kinds is narrowed to the kind of the map at hand. */
function traced(to: Pointer, node: Node, unresolved: Shape | undefined, keySpan: Span | undefined): Traced {
  const shape = unresolved && resolve(unresolved);
  return { to, node, shape: shape && node.kind === "map" ? shapeOfMap(shape, node) : shape, keySpan };
}
