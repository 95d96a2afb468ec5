import type { Mend, Report } from "../diagnostics.ts";
import { type Entry, MapNode, type Pointer } from "../read/tree.ts";
import { knows, legalKeys } from "./place.ts";
import { everyShape, property, resolve, type Shape } from "./shape.ts";
import { intended } from "./spelling.ts";

/**
 * A key without a value, followed by keys that its map does not know and that fit under it: they were meant to be
 * indented. Tells that once and gives the map as it was meant.
 */
export function indentFollowers(node: MapNode, shape: Shape, path: Pointer, report: Report): MapNode {
  if (!node.entries.some(isAbsent)) return node;
  const entries: Entry[] = [];
  let changed = false;
  for (let index = 0; index < node.entries.length; ) {
    const entry = node.entries[index];
    if (!entry) break;
    const followers = followersOf(node, index, shape);
    const [first] = followers;
    index += 1 + followers.length;
    const last = followers.at(-1);
    if (!first || !last) {
      entries.push(entry);
      continue;
    }
    changed = true;
    report({
      rule: "structure/wrong-type",
      path: [...path, entry.key],
      span: entry.keySpan,
      message: `\`${entry.key}\` has no value: what follows is not indented under it.`,
      help: `Indent \`${first.key}\` so that it stands under \`${entry.key}\`.`,
      label: "has no value",
      related: [{ path: [...path, first.key], at: "key", message: "meant to stand under it" }],
      ...(areMeant(followers, entry, shape) ? { fix: indenting(first, last, entry) } : {}),
    });
    entries.push(entry.withValue(new MapNode(first.keyStart, last.value.end, followers)));
  }
  return changed ? node.withEntries(entries) : node;
}

function followersOf(node: MapNode, index: number, shape: Shape): readonly Entry[] {
  const entry = node.entries[index];
  if (!entry || !isAbsent(entry)) return [];
  const unresolved = property(shape, entry.key);
  const inner = unresolved && resolve(unresolved);
  if (!inner || !takesMap(inner)) return [];
  const rest = node.entries.slice(index + 1);
  const stop = rest.findIndex(
    ({ key }) => knows(shape, key) || key.startsWith("x-") || !fitsUnder(inner, key),
  );
  return stop < 0 ? rest : rest.slice(0, stop);
}

/** `key:` with nothing after it, rather than a null that is written out. */
function isAbsent({ value, keyEnd }: Entry): boolean {
  if (value.kind !== "scalar" || value.value !== null) return false;
  return value.start === value.end || value.end <= keyEnd;
}

function takesMap({ type, properties, additionalProperties }: Shape): boolean {
  const types = Array.isArray(type) ? type : [type];
  return types.includes("object") || properties !== undefined || additionalProperties !== undefined;
}

function fitsUnder(inner: Shape, key: string): boolean {
  return knows(inner, key) || inner.additionalProperties !== undefined;
}

/** Keys that the map beneath knows, or names such as headers have; none is a slip of one that belongs here. */
function areMeant(followers: readonly Entry[], { key }: Entry, shape: Shape): boolean {
  const inner = resolve(property(shape, key) ?? {});
  return followers.every((one) => knows(inner, one.key) || isAuthorName(one.key, shape));
}

function isAuthorName(key: string, shape: Shape): boolean {
  const isOurs = everyShape().some((other) => knows(other, key));
  return !isOurs && /[A-Z-]/.test(key) && intended(key, legalKeys(shape)) === undefined;
}

function indenting(first: Entry, last: Entry, { key }: Entry): Mend {
  return { title: `Indent what follows \`${key}\``, edits: [{ kind: "indent-entries", first, last }] };
}
