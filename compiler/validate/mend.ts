import type { Report } from "../diagnostics.ts";
import { Entry, type ListNode, MapNode, type Node, type Pointer, pointerText } from "../read/tree.ts";
import { droppedKey, strayKey } from "./broken-marks.ts";
import { mendChoice } from "./choice.ts";
import { indentFollowers } from "./indentation.ts";
import { hasKnownKeys, judgeKeys, type Moved } from "./keys.ts";
import { type LostSection, takeLost, tellLost, tellNameless } from "./lost-section.ts";
import { fits, type Place, placeOf } from "./place.ts";
import { accepted, isSchemaShape, property, resolve, rootShape, type Shape } from "./shape.ts";
import { tellSwallowed } from "./swallowed-section.ts";
import { tellTwins } from "./twins.ts";
import { tellValueless } from "./valueless.ts";
import { tellWireMap } from "./wire-map.ts";

/** An author's JSON Schema and where it stands. */
export interface Embedded {
  readonly node: Node;
  readonly to: Pointer;
}

/** A tree whose keys are all known, and whose listed values are mended where the intent is certain. */
export interface Mended {
  readonly root: Node;
  readonly embedded: readonly Embedded[];
  /** Pointers, in the mended tree, of values that were reported. */
  readonly broken: Set<string>;
  /** Keys that belong elsewhere, and could not be taken there. */
  readonly strays: readonly Stray[];
  /** The path as the author wrote it, for a path of the mended tree. */
  readonly original: (to: Pointer) => Pointer;
}

/** A key that stands where it does not belong. */
export interface Stray {
  readonly key: string;
  readonly from: Pointer;
}

/** What a walk collects. */
interface Walk {
  /** The source; without one, what a text has swallowed is shown at its key. */
  readonly text: string;
  readonly report: Report;
  readonly embedded: Embedded[];
  readonly broken: Set<string>;
  readonly strays: Stray[];
  /** By the mended pointer of each renamed or moved value: the path that the author wrote. */
  readonly origins: Map<string, Pointer>;
}

/** A value, its path as written and its path in the mended tree, and the map around it. */
interface Spot {
  readonly from: Pointer;
  readonly to: Pointer;
  readonly outer?: Place | undefined;
  /** Where that map collects entries that belong to it and stood in a map below. */
  readonly hoisted?: Moved[] | undefined;
}

/** Reports unknown and misplaced keys and unknown choices, and makes the tree that the author meant. */
export function mend(source: Node, report: Report, shape: Shape = rootShape, text = ""): Mended {
  const walk: Walk = { text, report, embedded: [], broken: new Set(), strays: [], origins: new Map() };
  const top: Pointer = [];
  const root = mendNode(walk, source, shape, { from: top, to: top }, []);
  return {
    root,
    embedded: walk.embedded,
    broken: walk.broken,
    strays: walk.strays,
    original: (to) => originalOf(walk.origins, to),
  };
}

function originalOf(origins: ReadonlyMap<string, Pointer>, to: Pointer): Pointer {
  for (let length = origins.size === 0 ? 0 : to.length; length > 0; length--) {
    const origin = origins.get(pointerText(to.slice(0, length)));
    if (origin) return [...origin, ...to.slice(length)];
  }
  return to;
}

function mendNode(walk: Walk, node: Node, unresolved: Shape, spot: Spot, given: readonly Moved[]): Node {
  if (isSchemaShape(unresolved)) {
    walk.embedded.push({ node, to: spot.to });
    return node;
  }
  const shape = resolve(unresolved);
  switch (node.kind) {
    case "map":
      return mendMap(walk, node, shape, spot, given);
    case "list":
      if (holdsPlainValues(shape, spot)) tellTwins(node, spot.from, walk.report);
      return shape.items ? mendList(walk, node, shape.items, spot) : node;
    case "scalar":
      if (given.length > 0 && node.value === null) {
        return mendMap(walk, new MapNode(node.start, node.end, []), shape, spot, given);
      }
      return mendChoice(node, shape, { ...spot, report: walk.report, broken: walk.broken });
  }
}

/** What is empty is not mended, nor a scalar that is listed or may be anything of its type; most values of a descriptor are such. */
function isPlain(node: Node, unresolved: Shape): boolean {
  if (isSchemaShape(unresolved)) return false;
  if (node.kind === "map") return node.entries.length === 0;
  if (node.kind === "list") return node.items.length === 0;
  const choices = accepted(resolve(unresolved));
  return choices === undefined || typeof node.value !== "string" || choices.includes(node.value);
}

/** Lists of texts and numbers: of the language's own, and the values that a condition lists. */
function holdsPlainValues({ items }: Shape, { from }: Spot): boolean {
  if (!items) return from.at(-1) === "in";
  const { type, enum: listed } = resolve(items);
  return listed !== undefined || (type !== undefined && type !== "object");
}

function mendList(walk: Walk, node: ListNode, shape: Shape, spot: Spot): Node {
  const items = node.items.map((item, index) =>
    isPlain(item, shape) ? item : mendNode(walk, item, shape, below(spot, index), []),
  );
  // What is right already is not made a second time: most trees need no mending at all.
  if (items.every((item, index) => item === node.items[index])) return node;
  return node.withItems(items);
}

function mendMap(walk: Walk, node: MapNode, shape: Shape, spot: Spot, given: readonly Moved[]): Node {
  const first = placeOf(shape, node, spot.from, spot.to, spot.outer);
  if (!first) return mendAuthorMap(walk, node, shape, spot);
  const { node: meant, lost } = takeLost(
    indentFollowers(node, first.shape, spot.from, walk.report),
    first.shape,
  );
  const place = meant === node ? first : (placeOf(shape, meant, spot.from, spot.to, spot.outer) ?? first);
  const { texts, lists, keys } = tellSwallowed(meant, place.shape, spot.from, walk.report, walk.text);
  for (const key of keys) walk.strays.push({ key, from: [...spot.from, key] });
  for (const key of texts) walk.broken.add(pointerText([...spot.to, key]));
  for (const key of lists) walk.broken.add(strayKey(key));
  const hoisted: Moved[] = [];
  const level: Level = { place, spot, hoisted };
  const entries =
    given.length === 0 && hasKnownKeys(place)
      ? meant.entries.map((one) => mendEntry(walk, one, level))
      : mendJudged(walk, given, level);
  for (const moved of hoisted.filter(({ entry }, index) => isNew(entry.key, entries, hoisted, index)))
    entries.push(mendMoved(walk, moved, level, []));
  for (const one of lost) entries.push(mendLost(walk, one, spot, place));
  // That nothing is left of what was reported is no second mistake.
  if (entries.length === 0 && node.entries.length > 0) walk.broken.add(pointerText(spot.to));
  return withEntries(node, entries);
}

/** A map whose entries are mended, where it stands, and where it collects those that stood in a map below. */
interface Level {
  readonly place: Place;
  readonly spot: Spot;
  readonly hoisted: Moved[];
}

/** The entry of a key that belongs where it stands. */
function mendEntry(walk: Walk, entry: Entry, { place, spot, hoisted }: Level): Entry {
  const inner = property(place.shape, entry.key);
  if (!inner || isPlain(entry.value, inner)) return entry;
  return entry.withValue(
    mendNode(
      walk,
      entry.value,
      inner,
      below({ from: spot.from, to: spot.to, outer: place, hoisted }, entry.key),
      [],
    ),
  );
}

/** The entries of a map of which some key is unknown, or which is given entries of the map around. */
function mendJudged(walk: Walk, given: readonly Moved[], level: Level): Entry[] {
  const { place, spot } = level;
  const { kept, sunk } = judgeKeys(place, given, {
    report: walk.report,
    hoist: (moved) => spot.hoisted?.push(moved),
    dropped: () => walk.broken.add(pointerText([...spot.to, droppedKey])),
    stray: ({ entry, from }) => {
      walk.strays.push({ key: entry.key, from });
      walk.broken.add(strayKey(entry.key));
    },
  });
  return [...kept, ...supplied(place, kept, sunk)].map((moved) =>
    mendMoved(walk, moved, level, sunk.get(moved.entry.key) ?? []),
  );
}

/** An entry under the key that was meant, with what the map around passes down to it. */
function mendMoved(
  walk: Walk,
  { entry, from }: Moved,
  { place, spot, hoisted }: Level,
  given: readonly Moved[],
): Entry {
  const inner = property(place.shape, entry.key);
  const to = [...spot.to, entry.key];
  const isMoved = from.at(-1) !== entry.key || from.length !== to.length;
  if (isMoved) walk.origins.set(pointerText(to), from);
  // A key that was misspelt and has another's value has one finding.
  if (inner && from.at(-1) !== entry.key && !fits(entry.value, inner)) walk.broken.add(pointerText(to));
  return inner
    ? entry.withValue(mendNode(walk, entry.value, inner, { from, to, outer: place, hoisted }, given))
    : entry;
}

/** What stands below a place; its two paths are one where nothing above was moved or renamed. */
function below(
  { from, to, outer, hoisted }: Pick<Spot, "from" | "to" | "outer" | "hoisted">,
  key: string | number,
): Spot {
  const inner = [...to, key];
  return { from: from === to ? inner : [...from, key], to: inner, outer, hoisted };
}

/** A section whose key is missing, as the section that it is; its entries keep the paths that the author gave them. */
function mendLost(walk: Walk, lost: LostSection, spot: Spot, outer: Place): Entry {
  const { key, shape, value, within, first } = lost;
  tellLost(lost, spot.from, walk.report);
  const from = within === undefined ? spot.from : [...spot.from, within];
  const to = [...spot.to, key];
  walk.origins.set(pointerText(to), from);
  if (value.kind === "map")
    return new Entry(key, value.start, value.end, mendNode(walk, value, shape, { from, to, outer }, []));
  const inner = resolve(shape).items ?? {};
  const items = value.items.map((item, index) => {
    const below = { from: [...from, first + index], to: [...to, index], outer };
    walk.origins.set(pointerText(below.to), below.from);
    return mendNode(walk, item, inner, below, []);
  });
  return new Entry(key, value.start, value.end, value.withItems(items));
}

/** The map with other entries, or the very same map. */
function withEntries(node: MapNode, entries: readonly Entry[]): MapNode {
  const { length } = entries;
  if (length === node.entries.length && entries.every((one, index) => one === node.entries[index]))
    return node;
  return node.withEntries(entries);
}

/** A required section that is missing, where keys beside it belong into it: those alone are at fault. */
function supplied(
  { shape, from }: Place,
  kept: readonly Moved[],
  sunk: ReadonlyMap<string, readonly Moved[]>,
): readonly Moved[] {
  return [...sunk].flatMap(([key, [first]]) => {
    const isMissing = shape.required?.includes(key) && !kept.some(({ entry }) => entry.key === key);
    if (!isMissing || !first) return [];
    const { keyStart, keyEnd, value } = first.entry;
    const section = new MapNode(value.start, value.end, []);
    return [{ entry: new Entry(key, keyStart, keyEnd, section), from: [...from, key] }];
  });
}

/** A hoisted entry enters only where the map has none of its name, and the first of several wins. */
function isNew(key: string, entries: readonly Entry[], hoisted: readonly Moved[], index: number): boolean {
  const isFirst = hoisted.findIndex(({ entry }) => entry.key === key) === index;
  return isFirst && !entries.some((entry) => entry.key === key);
}

function mendAuthorMap(walk: Walk, node: MapNode, shape: Shape, spot: Spot): Node {
  const inner = shape.additionalProperties;
  if (typeof inner !== "object") return node;
  // Elsewhere a value is required, and its absence told.
  if (resolve(inner).type?.includes("null")) tellValueless(node, spot.from, walk.report);
  if (isSchemaShape(inner) && tellNameless(node, spot.from, walk.report)) {
    // The name that is gone may be any.
    walk.broken.add(pointerText(spot.to));
    return node.withEntries([]);
  }
  if (spot.outer) tellWireMap(node, spot.from, spot.outer, walk.report);
  const entries = node.entries.map((entry) => {
    if (isPlain(entry.value, inner)) return entry;
    const inside = below(spot, entry.key);
    return entry.withValue(mendNode(walk, entry.value, inner, inside, []));
  });
  return withEntries(node, entries);
}
