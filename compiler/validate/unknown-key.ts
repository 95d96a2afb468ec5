import type { Node } from "../read/tree.ts";
import { choiceSynonym } from "./choice-synonyms.ts";
import { habitAdvice } from "./habits.ts";
import { type Home, homeAbove, homeBeside, homeIn } from "./home.ts";
import { fits, innerShapes, knows, legalKeys, type Place, titleOf } from "./place.ts";
import { accepted, everyShape, property, resolve, type Shape, tags } from "./shape.ts";
import { intended, intendedChoice, isNear, nearest, sameButForStyle, surelyMeans } from "./spelling.ts";
import { synonym } from "./synonyms.ts";

/** What an unknown key turns out to be. */
export type Verdict =
  /** Another spelling of, or word for, a legal key that is not given. */
  | { readonly kind: "misspelt"; readonly key: string; readonly certain: boolean }
  /** Legal where `type` says otherwise. */
  | { readonly kind: "other-kind"; readonly tags: readonly unknown[] }
  /** Legal elsewhere; `move` where the value can be taken there, `home` where there is no other place for it. */
  | {
      readonly kind: "misplaced";
      readonly owners: readonly string[];
      readonly move?: Move;
      readonly home?: Home;
    }
  /** A legal key and its value without the blank that parts them, which YAML reads as one name. */
  | { readonly kind: "glued"; readonly key: string }
  /** What another format calls so is said otherwise here. */
  | { readonly kind: "habit"; readonly help: string }
  | { readonly kind: "unknown" };

/** To the map around, or to the map at a key beside. */
export type Move = { readonly to: "parent" } | { readonly to: "child"; readonly key: string };

/**
 * Decides what an author meant by a key that its place does not know; `free` are the legal keys that are not
 * given. The surest signs come first: a slip of one letter, a known other word, the next level up or down, the
 * exact name of a key elsewhere; only then a name that is two or more slips away.
 */
export function judgeKey(key: string, value: Node, place: Place, free: readonly string[]): Verdict {
  return (
    glued(key, value, free) ??
    inOtherKind(key, place) ??
    misspelt(surely(key, free), (meant) => isCertain(key, meant, value, place, free)) ??
    misspelt(ofListed(fitting(synonym(key, free), value, place.shape), value, place.shape), (meant) =>
      isListed(value, meant, place.shape),
    ) ??
    heldBy(key, value, place) ??
    habit(key, place) ??
    nextLevel(key, value, place) ??
    elsewhere(key, value, place) ??
    misspelt(intended(key, free)) ??
    missing(key, value, place, free) ?? { kind: "unknown" }
  );
}

/** `{ type:none }` has one key, `type:none`, and no value. */
function glued(key: string, value: Node, free: readonly string[]): Verdict | undefined {
  const colon = key.indexOf(":");
  if (colon < 1 || value.kind !== "scalar" || value.value !== null) return undefined;
  const name = key.slice(0, colon);
  return free.includes(name) ? { kind: "glued", key: name } : undefined;
}

function misspelt(key: string | undefined, certain?: (key: string) => boolean): Verdict | undefined {
  return key === undefined ? undefined : { kind: "misspelt", key, certain: certain?.(key) ?? false };
}

/** A slip of style or of one letter whose value is one that the legal key takes; no other section has the key itself. */
function isCertain(
  key: string,
  meant: string,
  value: Node,
  { shape }: Place,
  free: readonly string[],
): boolean {
  const target = property(shape, meant);
  if (!target || !fits(value, target) || !surelyMeans(key, meant, free)) return false;
  return sameButForStyle(key, free) === meant || !everyShape().some((other) => knows(other, key));
}

/** Another word for a key whose values are listed, with one of them: `in: query`. */
function isListed(value: Node, meant: string, shape: Shape): boolean {
  const target = property(shape, meant);
  const values = target && accepted(resolve(target));
  return value.kind === "scalar" && values !== undefined && values.includes(value.value);
}

function inOtherKind(key: string, { kinds, shape }: Place): Verdict | undefined {
  const others = kinds.filter((kind) => kind !== shape && knows(kind, key));
  return others.length > 0 ? { kind: "other-kind", tags: others.flatMap(tags) } : undefined;
}

function surely(key: string, free: readonly string[]): string | undefined {
  return sameButForStyle(key, free) ?? nearest(key, free, key.length < 3 ? 0 : 1);
}

function fitting(key: string | undefined, value: Node, shape: Shape): string | undefined {
  const target = key === undefined ? undefined : property(shape, key);
  return target && fits(value, target) ? key : undefined;
}

/** Another word for a key whose values are listed means it only with a value that comes near one of them. */
function ofListed(key: string | undefined, value: Node, shape: Shape): string | undefined {
  const target = key === undefined ? undefined : property(shape, key);
  const values = target && accepted(resolve(target));
  if (!values || value.kind !== "scalar" || values.includes(value.value)) return key;
  const text = String(value.value);
  return (intendedChoice(text, values) ?? choiceSynonym(text, values)) === undefined ? undefined : key;
}

function habit(key: string, { shape }: Place): Verdict | undefined {
  const help = habitAdvice(titleOf(shape), key);
  return help === undefined ? undefined : { kind: "habit", help };
}

/** A key of a section that the author has beside it, which is surer than any habit. */
function heldBy(key: string, value: Node, place: Place): Verdict | undefined {
  const { keys, shape } = place;
  const isHeld = innerShapes(shape, false).some((below) => keys.has(below.key) && knows(below.shape, key));
  return isHeld ? nextLevel(key, value, place) : undefined;
}

/** The map around, or the only map at a key beside, given or required, that knows it. */
function nextLevel(key: string, value: Node, place: Place): Verdict | undefined {
  const { shape, keys, parent } = place;
  if (parent && knows(parent.shape, key)) {
    const taken = property(parent.shape, key);
    const name = titleOf(parent.shape);
    if (!taken || !fits(value, taken)) return { kind: "misplaced", owners: [name] };
    const home = homeAbove(key, place, parent);
    return { kind: "misplaced", owners: [name], move: { to: "parent" }, ...(home ? { home } : {}) };
  }
  const inner = new Map<string, Shape>();
  for (const below of innerShapes(shape, false))
    if (knows(below.shape, key)) inner.set(below.key, below.shape);
  const [only, ...others] = [...inner].filter(([name]) => keys.has(name) || shape.required?.includes(name));
  if (!only || others.length > 0) return undefined;
  const home = inner.size === 1 ? homeIn(place, only[0], only[1], key, value) : undefined;
  return {
    kind: "misplaced",
    owners: [titleOf(only[1])],
    move: { to: "child", key: only[0] },
    ...(home ? { home } : {}),
  };
}

/**
 * A key that is the beginning or end of a missing required key stands for that (`operation`, `description`), and
 * so does a key that nobody knows in a map that lacks exactly one required key, if the value is of its type.
 */
function missing(
  key: string,
  value: Node,
  { shape, node }: Place,
  free: readonly string[],
): Verdict | undefined {
  const lacking = (shape.required ?? []).filter((name) => free.includes(name));
  const parts = lacking.filter((name) => name.startsWith(`${key}_`) || name.endsWith(`_${key}`));
  if (parts.length === 1) return misspelt(fitting(parts[0], value, shape));
  const isStrange = (name: string): boolean => name !== key && !knows(shape, name) && !name.startsWith("x-");
  const isAlone = lacking.length === 1 && !node.entries.some((other) => isStrange(other.key));
  const only = isAlone ? lacking[0] : undefined;
  const isKnown = everyShape().some((other) => knows(other, key));
  return isKnown ? undefined : misspelt(fitting(only, value, shape));
}

/** The nearest level that knows the key: further up, beside those, in a list below, then anywhere. */
function elsewhere(key: string, value: Node, place: Place): Verdict | undefined {
  for (let outer = place.parent; outer; outer = outer.parent) {
    if (knows(outer.shape, key)) return { kind: "misplaced", owners: [titleOf(outer.shape)] };
  }
  for (let level: Place | undefined = place; level; level = level.parent) {
    const owners = ownersBelow(level, key);
    const home = owners.length === 1 ? homeBeside(key, value, place, level) : undefined;
    if (owners.length > 0 && owners.length <= mostOwners)
      return { kind: "misplaced", owners, ...(home ? { home } : {}) };
  }
  const owners = titles(
    everyShape().map((shape) => ({ shape })),
    key,
  );
  return owners.length > 0 && owners.length <= mostOwners ? { kind: "misplaced", owners } : undefined;
}

/** The sections of a level that know the key; those that the author has come before those that could be. */
function ownersBelow({ shape, keys }: Place, key: string): readonly string[] {
  const inner = innerShapes(shape, true);
  const given = inner.filter((below) => keys.has(below.key));
  const owners = titles(given, key);
  return owners.length > 0 ? owners : titles(inner, key);
}

/** A key that many sections know (`name`, `type`) says nothing about where it belongs. */
const mostOwners = 3;

function titles(sections: readonly { readonly shape: Shape }[], key: string): readonly string[] {
  const owners = sections.filter(({ shape }) => knows(shape, key));
  return [...new Set(owners.map(({ shape }) => titleOf(shape)))];
}

/** Legal keys of a shape that a map does not have, misspellings already mended counted as given. */
export function freeKeys(shape: Shape, given: ReadonlySet<string>): readonly string[] {
  return legalKeys(shape).filter((key) => !given.has(key));
}

/** Whether two keys differ by little: then the given one explains the unknown one. */
export function isTwin(key: string, given: Iterable<string>): string | undefined {
  const most = Math.floor(key.length / 3);
  for (const other of given) if (isNear(key, other, most)) return other;
  return undefined;
}
