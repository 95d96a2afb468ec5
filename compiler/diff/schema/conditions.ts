/** What a single value must be: its types, its closed set, its bounds and other conditions. */
import type { Json } from "../../../schema/ir.ts";
import { list } from "../../../schema/language/spelling.ts";
import type { Pointer } from "../../read/tree.ts";
import { difference } from "../canonical.ts";
import { Spot } from "../change.ts";
import { shown } from "../words.ts";
import type { DifferenceKind } from "./difference.ts";
import { part, placeOf, whole } from "./names.ts";
import type { SchemaScope } from "./scope.ts";
import { boundOf, bounds, closedSet, typesOf, typeText } from "./values.ts";
import type { View } from "./view.ts";

export type ReportHere = (kind: DifferenceKind, message: string, spot?: Spot, show?: "key") => void;

export function compareTypes(a: View, b: View, way: string, report: ReportHere): void {
  const [old, now] = [typesOf(a), typesOf(b)];
  const [before, after] = [closedSet(a), closedSet(b)];
  const { removed, added } = difference([...old], [...now]);
  const spot = new Spot(placeOf(a, "type"), placeOf(b, "type"));
  const onlyNull = (types: readonly string[]): boolean => types.length === 1 && types[0] === "null";
  const step = `from ${typeText(old)} to ${typeText(now)}`;
  // A value that has become a closed set, or is one no longer, is told as that.
  const opened = before && !after && removed.length === 0;
  const closed = !before && after && added.length === 0;
  if (removed.length > 0 && added.length > 0) report("type-changed", `${whole(way)} changed ${step}.`, spot);
  else if (onlyNull(removed)) report("null-refused", `${whole(way)} is never null any more.`, spot);
  else if (onlyNull(added)) report("null-allowed", `${whole(way)} may be null.`, spot);
  else if (removed.length > 0 && !closed) report("type-narrowed", `${whole(way)} changed ${step}.`, spot);
  else if (added.length > 0 && !opened) report("type-widened", `${whole(way)} changed ${step}.`, spot);
  compareClosedSets(a, b, way, report);
}

function compareClosedSets(a: View, b: View, way: string, report: ReportHere): void {
  const [before, after] = [closedSet(a), closedSet(b)];
  const place = (of: View): Pointer => (of.keywords.has("enum") ? placeOf(of, "enum") : placeOf(of, "const"));
  const spot = new Spot(place(a), place(b));
  if (!before && after)
    report("enum-narrowed", `${whole(way)} takes only ${values([...after.values()])} now.`, spot);
  if (before && !after)
    report("enum-widened", `${whole(way)} is no longer one of ${values([...before.values()])}.`, spot);
  if (!before || !after) return;
  // Null is a matter of types.
  const gone = [...before].filter(([text]) => !after.has(text) && text !== "null").map(([, value]) => value);
  const come = [...after].filter(([text]) => !before.has(text) && text !== "null").map(([, value]) => value);
  if (gone.length > 0) report("enum-narrowed", `${whole(way)} is never ${values(gone)} any more.`, spot);
  if (come.length > 0) report("enum-widened", `${whole(way)} may also be ${values(come)}.`, spot);
}

function values(all: readonly Json[]): string {
  return list(all.map((value) => (typeof value === "string" ? value : JSON.stringify(value))));
}

/** Keywords that are compared by a function of their own. */
const handled: ReadonlySet<string> = new Set([
  ...["type", "enum", "const", "items", "prefixItems", "additionalProperties", "unevaluatedProperties"],
]);

export function compareConditions(
  a: View,
  b: View,
  way: string,
  scope: SchemaScope,
  report: ReportHere,
): void {
  for (const keyword of new Set([...a.keywords.keys(), ...b.keywords.keys()])) {
    if (handled.has(keyword)) continue;
    const spot = new Spot(placeOf(a, keyword), placeOf(b, keyword));
    const [old, now] = [given(a, keyword), given(b, keyword)];
    const verdict =
      keyword in bounds ? compareBounds(a, b, keyword) : compareGiven(keyword, old, now, typesOf(b));
    if (verdict) report(verdict, conditionText(verdict, keyword, old, now, way), spot);
    else if (!(keyword in bounds) && now.some((value) => scope.refersToTouched(value)))
      report("undecided", `What \`${keyword}\` of ${part(way)} refers to changed.`, spot);
  }
}

function given(of: View, keyword: string): readonly Json[] {
  const all = (of.keywords.get(keyword) ?? []).map(({ value }) => value);
  return keyword === "uniqueItems" ? all.filter((value) => value !== false) : all;
}

function compareBounds(a: View, b: View, keyword: string): DifferenceKind | undefined {
  const [old, now] = [boundOf(a, keyword), boundOf(b, keyword)];
  if (old === now) return undefined;
  if (old === undefined) return "constraint-tightened";
  if (now === undefined) return "constraint-loosened";
  return now > old === (bounds[keyword] === "least") ? "constraint-tightened" : "constraint-loosened";
}

function compareGiven(
  keyword: string,
  old: readonly Json[],
  now: readonly Json[],
  types: ReadonlySet<string>,
): DifferenceKind | undefined {
  const { removed, added } = difference(old, now);
  if (removed.length === 0 && added.length === 0) return undefined;
  // Integers of 64 bits have another type in clients, whatever JSON Schema makes of the format.
  if (
    keyword === "format" &&
    ([...removed, ...added].includes("int64") || (removed.length > 0 && added.length > 0))
  )
    return types.has("integer") || (removed.length > 0 && added.length > 0) ? "type-changed" : "undecided";
  if (removed.length === 0) return "constraint-tightened";
  if (added.length === 0) return "constraint-loosened";
  const [before, after] = [removed[0], added[0]];
  if (keyword === "multipleOf" && typeof before === "number" && typeof after === "number") {
    if (Number.isInteger(after / before)) return "constraint-tightened";
    if (Number.isInteger(before / after)) return "constraint-loosened";
  }
  return "undecided";
}

function conditionText(
  verdict: DifferenceKind,
  keyword: string,
  old: readonly Json[],
  now: readonly Json[],
  way: string,
): string {
  const step = `from ${shown(old[0])} to ${shown(now[0])}`;
  if (verdict === "undecided")
    return `\`${keyword}\` of ${part(way)} changed ${step}; whether less or more is valid cannot be told.`;
  return `\`${keyword}\` of ${part(way)} changed ${step}.`;
}
