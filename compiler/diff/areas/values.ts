/** What settings and credential fields have in common: a key, a type, whether they must be given, what bounds them. */
import type { CredentialField, FieldType, Setting } from "../../../schema/ir.ts";
import { list } from "../../../schema/language/spelling.ts";
import { difference, same } from "../canonical.ts";
import type { DiffRule, DiffRuleId, DiffRules, Report, Spot } from "../change.ts";
import { isReordered, matchLists } from "../fields.ts";
import { shown } from "../words.ts";

type Value = Setting | CredentialField;
type Family = "setting" | "credential";

export function valueRules(family: Family, noun: string): DiffRules {
  const rules: { readonly [end: string]: DiffRule } = {
    removed: { level: "major", summary: `A ${noun} is gone; a connection that gives it is refused.` },
    "added-required": { level: "major", summary: `A ${noun} is new and must be given.` },
    added: { level: "minor", summary: `A ${noun} is new and may be left out.` },
    "became-required": { level: "major", summary: `A ${noun} must be given now.` },
    "became-optional": { level: "minor", summary: `A ${noun} may be left out now.` },
    "type-changed": { level: "major", summary: `A ${noun} has a type that does not take every old value.` },
    "type-widened": { level: "minor", summary: `A ${noun} has a type that takes more.` },
    narrowed: {
      level: "major",
      summary: `The pattern, enum or format of a ${noun} refuses values that it took.`,
    },
    widened: { level: "minor", summary: `The pattern, enum or format of a ${noun} takes more than it did.` },
    "host-widened": {
      level: "minor",
      security: true,
      summary: `A ${noun} that stands in a host is bounded less: whoever gives it chooses where credentials go.`,
    },
    "bounds-undecided": {
      level: "minor",
      undecided: true,
      summary: `The pattern of a ${noun} is another one; whether it takes less or more cannot be told.`,
    },
    "text-changed": { level: "patch", summary: `The label, description or example of a ${noun} changed.` },
  };
  return Object.fromEntries(
    Object.entries(rules).map(([end, rule]): [DiffRuleId, DiffRule] => [`diff/${family}-${end}`, rule]),
  );
}

/** What differs between the families: where a member stands, and whether it must be given. */
export interface ValueContext {
  readonly family: Family;
  /** Begins a sentence: "The setting". */
  readonly noun: string;
  readonly list: Spot;
  spotOf(from: number | undefined, to: number | undefined): Spot;
  isInHost(key: string): boolean;
  readonly report: Report;
}

/** Compares two lists of members; what only one of the families has is told by `more`. */
export function compareValues<V extends Value>(
  old: readonly V[],
  now: readonly V[],
  context: ValueContext,
  more: (old: V, now: V, spot: Spot) => void,
): void {
  const { noun, report } = context;
  const rule = (end: string): DiffRuleId => `diff/${context.family}-${end}`;
  const matched = matchLists(old, now, ({ key }) => key);
  const { both, removed, added } = matched;
  for (const { item, from } of removed)
    report(rule("removed"), context.spotOf(from, undefined), `${noun} \`${item.key}\` is gone.`);
  for (const { item, to } of added)
    report(
      rule(item.required ? "added-required" : "added"),
      context.spotOf(undefined, to),
      `${noun} \`${item.key}\` is new${item.required ? " and must be given" : ""}.`,
    );
  for (const pair of both) {
    const spot = context.spotOf(pair.from, pair.to);
    compareValue(pair.old, pair.new, spot, context);
    more(pair.old, pair.new, spot);
  }
  if (isReordered(matched))
    report(rule("text-changed"), context.list, "The fields stand in another order.", "key");
}

function compareValue(old: Value, now: Value, spot: Spot, context: ValueContext): void {
  const { noun, report } = context;
  const rule = (end: string): DiffRuleId => `diff/${context.family}-${end}`;
  const name = `${noun} \`${now.key}\``;
  if (old.required !== now.required)
    report(
      rule(now.required ? "became-required" : "became-optional"),
      spot.at("required"),
      now.required ? `${name} must be given now.` : `${name} may be left out now.`,
    );
  if (old.type !== now.type)
    report(
      rule(takesAll(now.type, old.type) ? "type-widened" : "type-changed"),
      spot.at("field_type"),
      `${name} changed its type from \`${old.type}\` to \`${now.type}\`.`,
    );
  compareBounds(old, now, spot, context);
  for (const key of ["label", "description", "example"] as const)
    if (!same(old[key], now[key]))
      report(rule("text-changed"), spot.at(key), `The ${key} of ${lower(name)} changed.`);
}

function compareBounds(old: Value, now: Value, spot: Spot, context: ValueContext): void {
  const { report, noun } = context;
  const name = lower(`${noun} \`${now.key}\``);
  const tell = (key: string, effect: "narrowed" | "widened" | "bounds-undecided", message: string): void => {
    const end = effect === "widened" && context.isInHost(now.key) ? "host-widened" : effect;
    report(`diff/${context.family}-${end}`, spot.at(key), message);
  };
  for (const key of ["pattern", "format"] as const) {
    const [before, after] = [old[key], now[key]];
    if (before === after) continue;
    const step = `The ${key} of ${name} changed from ${shown(before)} to ${shown(after)}.`;
    if (after === undefined) tell(key, "widened", step);
    else if (before === undefined || key === "format") tell(key, "narrowed", step);
    else tell(key, "bounds-undecided", step);
  }
  if (same(old.enum, now.enum)) return;
  if (!old.enum) tell("enum", "narrowed", `${capital(name)} takes listed values only now.`);
  else if (!now.enum) tell("enum", "widened", `${capital(name)} takes any value now.`);
  else {
    const { removed, added } = difference(old.enum, now.enum);
    if (removed.length > 0)
      tell("enum", "narrowed", `${capital(name)} does not take ${list(removed.map(String))} any more.`);
    if (added.length > 0) tell("enum", "widened", `${capital(name)} also takes ${list(added.map(String))}.`);
    if (removed.length + added.length === 0)
      report(
        `diff/${context.family}-text-changed`,
        spot.at("enum"),
        `The values of ${name} stand in another order.`,
      );
  }
}

const texts: readonly FieldType[] = ["string", "secret", "password"];

/** True where every value of the type `old` is one of the type `now`. */
export function takesAll(now: FieldType, old: FieldType): boolean {
  if (now === old) return true;
  if (now === "json") return old !== "file";
  if (now === "number") return old === "integer";
  return texts.includes(now) && (texts.includes(old) || old === "date" || old === "datetime");
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
