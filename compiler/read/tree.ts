/**
 * Our own tree of a descriptor's text: what the parsers hand over, and the only thing that later phases see
 * of YAML and JSON. Offsets are UTF-16 offsets into the source text; `end` is exclusive.
 */
export type Node = MapNode | ListNode | ScalarNode;

export interface Span {
  readonly start: number;
  readonly end: number;
}

// Offsets are fields of their own, and spans made when they are asked for: one object less for each key and each value is
// a third of the memory that a large tree takes.

export class Entry {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly value: Node;

  constructor(key: string, keyStart: number, keyEnd: number, value: Node) {
    this.key = key;
    this.keyStart = keyStart;
    this.keyEnd = keyEnd;
    this.value = value;
  }

  get keySpan(): Span {
    return { start: this.keyStart, end: this.keyEnd };
  }

  /** The same key before another value. */
  withValue(value: Node): Entry {
    return value === this.value ? this : new Entry(this.key, this.keyStart, this.keyEnd, value);
  }

  /** The same value behind another key, which stands where this one does. */
  withKey(key: string): Entry {
    return new Entry(key, this.keyStart, this.keyEnd, this.value);
  }
}

export class MapNode {
  readonly kind: "map";
  readonly start: number;
  readonly end: number;
  readonly entries: readonly Entry[];

  constructor(start: number, end: number, entries: readonly Entry[]) {
    this.kind = "map";
    this.start = start;
    this.end = end;
    this.entries = entries;
  }

  get span(): Span {
    return { start: this.start, end: this.end };
  }

  /** Other entries at the same place. */
  withEntries(entries: readonly Entry[]): MapNode {
    return new MapNode(this.start, this.end, entries);
  }
}

export class ListNode {
  readonly kind: "list";
  readonly start: number;
  readonly end: number;
  readonly items: readonly Node[];

  constructor(start: number, end: number, items: readonly Node[]) {
    this.kind = "list";
    this.start = start;
    this.end = end;
    this.items = items;
  }

  get span(): Span {
    return { start: this.start, end: this.end };
  }

  /** Other items at the same place. */
  withItems(items: readonly Node[]): ListNode {
    return new ListNode(this.start, this.end, items);
  }
}

/** How a scalar is written; it decides how an offset in the value maps to one in the source. */
export type ScalarStyle = "plain" | "single" | "double" | "block";

export class ScalarNode {
  readonly kind: "scalar";
  readonly start: number;
  readonly end: number;
  readonly value: string | number | boolean | null;
  readonly style: ScalarStyle;

  constructor(start: number, end: number, value: ScalarNode["value"], style: ScalarStyle) {
    this.kind = "scalar";
    this.start = start;
    this.end = end;
    this.value = value;
    this.style = style;
  }

  get span(): Span {
    return { start: this.start, end: this.end };
  }

  /** Another value at the same place. */
  withValue(value: ScalarNode["value"]): ScalarNode {
    return new ScalarNode(this.start, this.end, value, this.style);
  }
}

/** The value of an entry of a map, by its key; undefined where `node` is no map or has no such key. */
export function child(node: Node | undefined, key: string): Node | undefined {
  return entry(node, key)?.value;
}

export function entry(node: Node | undefined, key: string): Entry | undefined {
  if (node?.kind !== "map") return undefined;
  const { entries } = node;
  if (entries.length > indexedFrom) return indexOf(node).get(key);
  // Counted, like the other loops that each start runs some thousand times: until V8 optimises, an iterator makes an
  // object at each step.
  for (let index = 0; index < entries.length; index++) {
    const one = entries[index];
    if (one?.key === key) return one;
  }
  return undefined;
}

/** Wide maps are looked up by an index, made once: asking each of many keys stays linear. */
const indexedFrom = 12;
const indexes = new WeakMap<MapNode, ReadonlyMap<string, Entry>>();

function indexOf(node: MapNode): ReadonlyMap<string, Entry> {
  let index = indexes.get(node);
  if (!index) {
    const made = new Map<string, Entry>();
    for (const one of node.entries) if (!made.has(one.key)) made.set(one.key, one);
    index = made;
    indexes.set(node, made);
  }
  return index;
}

/**
 * Plain data for a node: objects own their keys and nothing else is reachable through them. Of the maps in `closed` nothing
 * is told but that they are maps.
 */
export function toValue(node: Node, closed?: ReadonlySet<Node>): unknown {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "list":
      return node.items.map((item) => toValue(item, closed));
    case "map": {
      if (closed?.has(node)) return closedMap;
      const object: Record<string, unknown> = {};
      for (let index = 0; index < node.entries.length; index++) {
        const one = node.entries[index];
        if (one) setOwn(object, one.key, toValue(one.value, closed));
      }
      return object;
    }
  }
}

const closedMap: unknown = Object.freeze({});

/** Sets a property of the object's own, whatever it is called: an assignment to `__proto__` would change its prototype. */
export function setOwn<T>(object: Record<string, T>, key: string, value: T): void {
  if (key === "__proto__")
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

/** Whether two nodes hold the same data, the order of keys included. */
export function sameData(a: Node | undefined, b: Node | undefined): boolean {
  // An alias gives the very node that it stands for.
  if (a === b) return true;
  if (a?.kind === "scalar") return b?.kind === "scalar" && a.value === b.value;
  if (a?.kind === "list")
    return (
      b?.kind === "list" &&
      a.items.length === b.items.length &&
      a.items.every((item, index) => sameData(item, b.items[index]))
    );
  if (a?.kind !== "map" || b?.kind !== "map" || a.entries.length !== b.entries.length) return false;
  return a.entries.every(({ key, value }, index) => {
    const other = b.entries[index];
    return other?.key === key && sameData(value, other.value);
  });
}

export type Pointer = readonly (string | number)[];

/** RFC 6901 text of a path. */
export function pointerText(path: Pointer): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** The node at a path, as far as it exists. */
export function nodeAt(root: Node, path: Pointer): Node | undefined {
  let node: Node | undefined = root;
  for (const part of path) {
    if (node?.kind === "list") node = node.items[Number(part)];
    else node = child(node, String(part));
    if (!node) return undefined;
  }
  return node;
}

/**
 * The place that a finding about `path` shows, by the contract of `connector validate`:
 * `value` the value, `key` the key that names it; a missing key shows its parent's key, in a list item the
 * item's first key, at the root the very start of the document.
 */
export function spanOf(root: Node, path: Pointer, at: "value" | "key" | "missing" = "value"): Span {
  if (at === "missing") return spanOfOwner(root, path);
  const node = nodeAt(root, path);
  if (at === "key") {
    const last = path.at(-1);
    const parent = nodeAt(root, path.slice(0, -1));
    const found = typeof last === "string" ? entry(parent, last) : undefined;
    if (found) return found.keySpan;
  }
  return node ? node.span : spanOfOwner(root, path.slice(0, -1));
}

/** The key that owns the map or list at `path`. */
function spanOfOwner(root: Node, path: Pointer): Span {
  if (path.length === 0) return { start: 0, end: 0 };
  const last = path.at(-1);
  const parent = nodeAt(root, path.slice(0, -1));
  if (parent?.kind === "map" && typeof last === "string") {
    const found = entry(parent, last);
    if (found) return found.keySpan;
  }
  const node = nodeAt(root, path);
  if (node?.kind === "map" && node.entries[0]) return node.entries[0].keySpan;
  return node ? node.span : spanOfOwner(root, path.slice(0, -1));
}
