import type { Finding } from "../diagnostics.ts";
import { maxFindings } from "../read/limits.ts";
import {
  child,
  type Entry,
  entry,
  type MapNode,
  nodeAt,
  type Pointer,
  pointerText,
  spanOf,
} from "../read/tree.ts";
import type { Stray } from "./mend.ts";
import type { Fault, Telling } from "./outcome.ts";
import { fits, titleOf } from "./place.ts";
import { inMap, isSchemaShape, property } from "./shape.ts";
import { quoted } from "./words.ts";

/** A map that lacks required keys. */
interface Lack {
  readonly fault: Fault;
  readonly keys: string[];
}

/** One finding for each map that lacks required keys, naming all of them; keys that stand elsewhere were told there. */
export function tellMissingKeys(all: readonly Fault[], strays: readonly Stray[], telling: Telling): void {
  const byMap = new Map<string, Lack>();
  for (const fault of all) {
    const key = fault.params.missingProperty;
    if (fault.keyword !== "required" || typeof key !== "string") continue;
    const pointer = pointerText(fault.to);
    const seen = byMap.get(pointer);
    if (!seen) byMap.set(pointer, { fault, keys: [key] });
    else if (!seen.keys.includes(key)) seen.keys.push(key);
  }
  const lacks = [...byMap.values()];
  for (const { fault, keys } of lacks)
    for (const key of keys) telling.broken.add(pointerText([...fault.to, key]));
  if (strays.length > 0) {
    const byKey = groupByKey(lacks);
    for (const stray of strays) takeFrom(byKey.get(stray.key) ?? [], stray, telling);
  }
  for (const { fault, keys } of lacks) {
    const missing = keys.filter((key) => !tellSunk(fault, key, telling));
    if (missing.length > 0) tellOne(fault, missing, telling);
  }
}

/** The maps that lack each key; no more of them than are told of in all. */
function groupByKey(lacks: readonly Lack[]): ReadonlyMap<string, readonly Lack[]> {
  const byKey = new Map<string, Lack[]>();
  for (const lack of lacks)
    for (const key of lack.keys) {
      const found = byKey.get(key) ?? [];
      if (found.length < maxFindings) found.push(lack);
      byKey.set(key, found);
    }
  return byKey;
}

/** A key that stands elsewhere is missing where the way to it is shortest. */
function takeFrom(lacks: readonly Lack[], { key, from }: Stray, { original }: Telling): void {
  let nearest: Lack | undefined;
  let most = -1;
  for (const lack of lacks) {
    if (!lack.keys.includes(key)) continue;
    const path = original(lack.fault.to);
    const apart = path.findIndex((part, index) => part !== from[index]);
    const shared = apart < 0 ? path.length : apart;
    if (shared > most) [nearest, most] = [lack, shared];
  }
  nearest?.keys.splice(nearest.keys.indexOf(key), 1);
}

/** Reports a key that stands a level too deep, in a schema or among names of the author's, where it means nothing. */
function tellSunk({ to, node, shape }: Fault, key: string, telling: Telling): boolean {
  if (!shape || node.kind !== "map") return false;
  for (const { key: name } of node.entries) {
    const below = inMap(shape, name);
    const into = child(node, name);
    if (!below || into?.kind !== "map" || !isOfAuthor(name, isSchemaShape(below))) continue;
    const found = entry(into, key);
    const target = property(shape, key);
    if (!found || !target || !fits(found.value, target)) continue;
    const path = telling.original([...to, name, key]);
    telling.broken.add(pointerText([...to, name, key]));
    telling.report({
      rule: "structure/misplaced-key",
      path,
      at: "key",
      span: found.keySpan,
      message: `\`${key}\` belongs under the ${titleOf(shape)}, which lacks it, not under \`${name}\`.`,
      help: `Move it to the ${titleOf(shape)}.`,
      ...(isSchemaShape(below) ? moving(found, path, telling, titleOf(shape)) : {}),
    });
    return true;
  }
  return false;
}

/** Maps in which the language leaves the keys to the author, and in which one of its own is a slip. */
function isOfAuthor(name: string, isSchema: boolean): boolean {
  return (
    isSchema ||
    /^(?:headers|query|query_params|auth_headers|auth_query|auth_cookies|extract|parameter_mappings)$/.test(
      name,
    )
  );
}

function moving(found: Entry, path: Pointer, { source }: Telling, title: string): Pick<Finding, "fix"> {
  const [from, into] = [nodeAt(source, path.slice(0, -1)), nodeAt(source, path.slice(0, -2))];
  const after = entry(into, String(path.at(-2)));
  if (from?.kind !== "map" || into?.kind !== "map" || !after) return {};
  return {
    fix: { title: `Move \`${found.key}\` to the ${title}`, edits: [moveOf(found, from, into, after)] },
  };
}

function moveOf(moved: Entry, from: MapNode, into: MapNode, after: Entry) {
  return { kind: "move-entry", entry: moved, from, into, after } as const;
}

function tellOne({ to, shape }: Fault, keys: readonly string[], telling: Telling): void {
  const path = telling.original(to);
  const { start } = telling;
  telling.report({
    rule: "structure/missing-key",
    path,
    at: "missing",
    span: path.length === 0 ? { start, end: start } : spanOf(telling.source, path, "missing"),
    message: `The ${shape ? titleOf(shape) : "map"} lacks ${quoted(keys, "and")}, which ${keys.length > 1 ? "are" : "is"} required.`,
    help: `Add ${quoted(keys, "and")}.`,
  });
}
