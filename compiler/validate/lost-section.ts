/** Sections that lost the line with their key: what stood under it has become the end of the section before. */
import type { Report } from "../diagnostics.ts";
import {
  child,
  type Entry,
  entry,
  type ListNode,
  type MapNode,
  type Node,
  type Pointer,
  type ScalarNode,
} from "../read/tree.ts";
import { fits, knows, titleOf } from "./place.ts";
import { isKeyword } from "./schema-keywords.ts";
import { accepted, isSchemaShape, property, resolve, type Shape, shapeOfMap } from "./shape.ts";
import { intendedChoice } from "./spelling.ts";

/** What belongs to a section that a map lacks, and where it stands instead. */
export interface LostSection {
  readonly key: string;
  readonly shape: Shape;
  readonly value: MapNode | ListNode;
  /** The section that it stands in, and from which of its entries on; undefined where it stands beside the sections. */
  readonly within: string | undefined;
  readonly first: number;
}

/** The map without what other sections of it lost, and that by itself. */
export interface Sorted {
  readonly node: MapNode;
  readonly lost: readonly LostSection[];
}

/** Splits the sections of a map that have taken in a missing one; most maps have none, and stay as they are. */
export function takeLost(node: MapNode, shape: Shape): Sorted {
  const lost: LostSection[] = [];
  const entries = node.entries.map((one): Entry => {
    const own = property(shape, one.key);
    const found = own && lostIn(one, resolve(own), node, shape);
    if (!found || lost.some(({ key }) => key === found.key)) return one;
    lost.push(found);
    return one.withValue(upTo(one.value, found.first));
  });
  const loose = lost.length === 0 ? looseSchema(node, shape) : undefined;
  if (loose) {
    const words: readonly Entry[] = loose.value.entries;
    return { node: node.withEntries(node.entries.filter((one) => !words.includes(one))), lost: [loose] };
  }
  return lost.length === 0 ? { node, lost } : { node: node.withEntries(entries), lost };
}

/** The words of a schema among the keys of a map that lacks the key for it. */
function looseSchema(node: MapNode, shape: Shape): (LostSection & { readonly value: MapNode }) | undefined {
  if (!node.entries.some(({ key }) => key === "properties" || key === "items")) return undefined;
  const words = node.entries.filter(({ key }) => isKeyword(key) && isUnknown(key, shape));
  const value = node.withEntries(words);
  const [target, ...others] = absentSections(node, shape).filter(([, one]) => isSchemaShape(one));
  if (!target || others.length > 0 || words.length < 2 || !isSchema(value)) return undefined;
  return { key: target[0], shape: target[1], value, within: undefined, first: 0 };
}

/** The words of a schema in the place of the names of schemas: the line with a name is gone. */
export function tellNameless(node: MapNode, path: Pointer, report: Report): boolean {
  const head = node.entries.find(({ key }) => isKeyword(key));
  if (!head || !isSchema(node) || node.entries.filter(({ key }) => isKeyword(key)).length < 2) return false;
  report({
    rule: "structure/misplaced-key",
    path: [...path, head.key],
    at: "key",
    span: head.keySpan,
    message: `From \`${head.key}\` on, this reads like one schema, and names of schemas stand here.`,
    label: "is the line with its name missing above?",
    help: "Put the line with the schema's name above it, and indent it one level deeper than the name.",
  });
  return true;
}

/** Says it once, where the lost section begins. */
export function tellLost(
  { key, shape, value, within, first }: LostSection,
  path: Pointer,
  report: Report,
): void {
  const begin = value.kind === "map" ? value.entries[0] : undefined;
  const item = value.kind === "list" ? value.items[0] : undefined;
  if (item?.kind === "scalar") {
    tellLostWords(item, key, [...path, within ?? "", first], report);
    return;
  }
  const head = begin ?? (item?.kind === "map" ? item.entries[0] : undefined);
  if (!head) return;
  const inner = resolve(shape);
  const what =
    value.kind === "list"
      ? titleOf(itemShape(inner, item) ?? inner)
      : isSchemaShape(shape)
        ? "schema"
        : titleOf(inner);
  const above = within === undefined ? [] : [within];
  const beside = within === undefined ? "key of this section" : `part of \`${within}\``;
  report({
    rule: "structure/misplaced-key",
    path: [...path, ...above, value.kind === "list" ? first : head.key, ...(item ? [head.key] : [])],
    at: "key",
    span: head.keySpan,
    message: `From \`${head.key}\` on, this is no ${beside}: it reads like the ${what}, and there is no \`${key}\`.`,
    label: `is \`${key}:\` missing above?`,
    help: `Put the line \`${key}:\` above it.`,
  });
}

/** Words that a closed list does not know, where a list beside it that takes any is absent. */
function tellLostWords({ value, span }: ScalarNode, key: string, path: Pointer, report: Report): void {
  report({
    rule: "structure/misplaced-key",
    path,
    span,
    message: `From \`${value}\` on, these are no \`${path.at(-2)}\`, and there is no \`${key}\`, which takes any words.`,
    label: `is \`${key}:\` missing above?`,
    help: `Put the line \`${key}:\` above them.`,
  });
}

function upTo(value: Node, first: number): Node {
  if (value.kind === "list") return value.withItems(value.items.slice(0, first));
  return value.kind === "map" ? value.withEntries(value.entries.slice(0, first)) : value;
}

function lostIn(
  { key: within, value }: Entry,
  own: Shape,
  level: MapNode,
  shape: Shape,
): LostSection | undefined {
  const first =
    value.kind === "list" ? firstStrange(value, own) : value.kind === "map" ? strangeFrom(value, own) : -1;
  // A section that is strange from its beginning on has another fault.
  if (first < 1) return undefined;
  const found = absentSections(level, shape).flatMap(([key, target]): LostSection[] => {
    const taken = value.kind === "scalar" ? undefined : partFor(value, first, target);
    return taken ? [{ key, shape: target, value: taken, within, first }] : [];
  });
  return found.length === 1 ? found[0] : undefined;
}

/** The first of the items at the end of a list that have a key which their list does not know. */
function firstStrange({ items }: ListNode, own: Shape): number {
  let first = items.length;
  while (first > 0 && isStrange(items[first - 1], own)) first -= 1;
  return first === items.length ? -1 : first;
}

function isStrange(item: Node | undefined, own: Shape): boolean {
  if (!item || !own.items) return false;
  const inner = resolve(own.items);
  if (item.kind === "scalar") return isForeign(item, inner);
  if (item.kind === "list") return false;
  const shape = itemShape(own, item);
  return shape ? item.entries.some(({ key }) => isUnknown(key, shape)) : inner.type === "string";
}

function itemShape({ items }: Shape, item: Node | undefined): Shape | undefined {
  const shape = items && item?.kind === "map" ? shapeOfMap(resolve(items), item) : undefined;
  return shape?.properties && shape;
}

function strangeFrom(value: MapNode, own: Shape): number {
  const shape = shapeOfMap(own, value);
  return shape.properties
    ? value.entries.findIndex((one) => isUnknown(one.key, shape) || isForeignTo(one, shape))
    : -1;
}

/** Whether a value is none of those that are listed for its key, and no slip of one. */
function isForeignTo({ key, value }: Entry, shape: Shape): boolean {
  const own = property(shape, key);
  return own !== undefined && value.kind === "scalar" && isForeign(value, resolve(own));
}

function isForeign({ value }: ScalarNode, shape: Shape): boolean {
  const listed = accepted(shape);
  if (!listed || typeof value !== "string" || listed.includes(value)) return false;
  return intendedChoice(value, listed) === undefined;
}

function isUnknown(key: string, shape: Shape): boolean {
  return !knows(shape, key) && !key.startsWith("x-");
}

function absentSections(level: MapNode, { properties = {} }: Shape): readonly (readonly [string, Shape])[] {
  return Object.entries(properties).filter(
    ([key, shape]) => !shape["x-reserved"] && entry(level, key) === undefined,
  );
}

/** The part of a section from an entry on, where all of it is what another section takes. */
function partFor(value: MapNode | ListNode, first: number, target: Shape): MapNode | ListNode | undefined {
  const shape = resolve(target);
  if (value.kind === "list") {
    const items = value.items.slice(first);
    if (items[0]?.kind === "scalar") return areWords(items, shape) ? value.withItems(items) : undefined;
    return items.every((item) => isWhole(item, itemShape(shape, item))) ? value.withItems(items) : undefined;
  }
  const entries = value.entries.slice(first);
  const part = value.withEntries(entries);
  if (isSchemaShape(target))
    return isSchema(part) && entries.every(({ key }) => isKeyword(key)) ? part : undefined;
  const isSchemas =
    typeof shape.additionalProperties === "object" && isSchemaShape(shape.additionalProperties);
  if (isSchemas) return entries.every((one) => isSchema(one.value)) ? part : undefined;
  // A single key may as well be a slip.
  return entries.length > 1 && shape.type === "object" && isWhole(part, shapeOfMap(shape, part))
    ? part
    : undefined;
}

/** Several texts, for a list of any. A single one may as well be a slip. */
function areWords(items: readonly Node[], { items: inner }: Shape): boolean {
  const shape = inner && resolve(inner);
  const isOpen = shape?.type === "string" && accepted(shape) === undefined;
  return isOpen && items.length > 1 && items.every((item) => fits(item, shape));
}

/** A map of known keys alone that lacks none. */
function isWhole(node: Node, shape: Shape | undefined): boolean {
  if (node.kind !== "map" || !shape?.properties) return false;
  const isKnown = node.entries.every(({ key, value }) => {
    const target = property(shape, key);
    return target !== undefined && fits(value, target);
  });
  return isKnown && (shape.required ?? []).every((key) => entry(node, key) !== undefined);
}

const jsonTypes: ReadonlySet<unknown> = new Set([
  "object",
  "array",
  "string",
  "number",
  "integer",
  "boolean",
  "null",
]);

/** A map that can only be a JSON Schema. */
function isSchema(node: Node): boolean {
  if (node.kind !== "map") return false;
  const type = child(node, "type");
  if (type?.kind === "scalar") return jsonTypes.has(type.value);
  return ["$ref", "properties", "allOf", "anyOf", "oneOf", "enum"].some(
    (key) => entry(node, key) !== undefined,
  );
}
