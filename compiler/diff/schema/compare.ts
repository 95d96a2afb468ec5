/**
 * JSON Schemas held against each other as sets of values: what the new one admits, and the old one did not, and the
 * other way round. Structural, so it sees what authors change and says `undecided` where it cannot see.
 */
import type { Json } from "../../../schema/ir.ts";
import { canonical, difference, same } from "../canonical.ts";
import { Spot } from "../change.ts";
import { shown } from "../words.ts";
import { compareConditions, compareTypes, type ReportHere } from "./conditions.ts";
import type { SchemaDifference } from "./difference.ts";
import { join, nameOf, part, whole } from "./names.ts";
import { below, isObject, type Located } from "./resolve.ts";
import type { PartialComparison, SchemaScope, SharedPair } from "./scope.ts";
import { asBranches, isPureUnion, pairBranches } from "./unions.ts";
import { type Conjunction, homeOf, type View, view } from "./view.ts";

type Tell = (difference: SchemaDifference) => void;

/** Tells every difference of two schemas; `home` is where they are used. */
export function compareSchemas(old: Located, now: Located, home: Spot, scope: SchemaScope, tell: Tell): void {
  if (scope.isUntouched(old, now)) return;
  let told = 0;
  const own = new SchemaComparison(scope, home).run(old, now);
  const seen = new Set<string>();
  const queue = [own];
  for (let part = queue.pop(); part; part = queue.pop()) {
    for (const difference of part.differences) {
      told += 1;
      tell(difference);
    }
    for (const [key, pair] of part.shared) {
      if (seen.has(key)) continue;
      seen.add(key);
      // What two shared schemas differ in is found once, whoever uses them.
      const known = scope.memo.get(key) ?? new SchemaComparison(scope, home).run(pair.old, pair.new);
      scope.memo.set(key, known);
      queue.push(known);
    }
  }
  if (told === 0 && !same(old.schema, now.schema))
    tell({
      kind: "rewritten",
      spot: home,
      message: "The schema is written in another way; it admits the same.",
    });
}

/**
 * One walk over two schemas, as far as the shared schemas that they refer to. It works off a list, as what refers to
 * itself has no depth; what was compared once is not compared again.
 */
class SchemaComparison {
  readonly #scope: SchemaScope;
  readonly #home: Spot;
  readonly #differences: SchemaDifference[] = [];
  readonly #shared = new Map<string, SharedPair>();
  readonly #seen = new Set<string>();
  readonly #numbers = new Map<unknown, number>();
  readonly #todo: (readonly [old: Conjunction, now: Conjunction])[] = [];

  constructor(scope: SchemaScope, home: Spot) {
    this.#scope = scope;
    this.#home = home;
  }

  run(old: Located, now: Located): PartialComparison {
    this.#todo.push([[old], [now]]);
    let isFirst = true;
    for (let next = this.#todo.pop(); next; next = this.#todo.pop()) {
      this.#step(...next, isFirst);
      isFirst = false;
    }
    return { differences: this.#differences, shared: this.#shared };
  }

  compare(old: Conjunction, now: Conjunction): void {
    this.#todo.push([old, now]);
  }

  #tell(difference: SchemaDifference): void {
    this.#differences.push(difference);
  }

  /** Two schemas that do nothing but refer to shared ones are left to a walk of those. */
  #leave(old: Located, now: Located): boolean {
    const before = homeOf(old, this.#scope.old);
    const after = homeOf(now, this.#scope.new);
    if (!isShared(before) || !isShared(after)) return false;
    this.#shared.set(`${before.at[1]} ${after.at[1]}`, { old: before, new: after });
    if (!same(siblings(old), siblings(now)))
      this.#tell({
        kind: "text-changed",
        spot: new Spot(old.at, now.at).or(this.#home),
        message: `The words beside the reference to \`${after.at[1]}\` changed.`,
      });
    return true;
  }

  #step(old: Conjunction, now: Conjunction, isFirst: boolean): void {
    const key = `${this.#identity(old)} ${this.#identity(now)}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const [first, second] = [old[0], now[0]];
    if (first && second && old.length === 1 && now.length === 1) {
      if (this.#scope.isUntouched(first, second)) return;
      const isItself = isFirst && isShared(first) && isShared(second);
      if (!isItself && this.#leave(first, second)) return;
    }
    const a = view(old, this.#scope.old);
    const b = view(now, this.#scope.new);
    const way = nameOf(b.home);
    const report: ReportHere = (kind, message, spot = new Spot(a.at, b.at), show) =>
      this.#tell({ kind, spot: spot.or(this.#home), message, ...(show ? { show } : {}) });
    if (a.possible !== b.possible) {
      report(
        b.possible ? "constraint-loosened" : "constraint-tightened",
        b.possible
          ? `${whole(way)} may be given at all now.`
          : `${whole(way)} can no longer be given at all.`,
      );
      return;
    }
    if (!this.#compareAsUnion(old, now, a, b, way)) {
      compareTypes(a, b, way, report);
      this.#compareObjects(a, b, way, report);
      this.#compareItems(a, b);
      compareConditions(a, b, way, this.#scope, report);
      this.#compareUnions(a, b, way, report);
    }
    if (
      !same(a.unresolved, b.unresolved) ||
      (a.unresolved.length > 0 && !same(first?.schema, second?.schema))
    )
      report("undecided", `${whole(way)} refers to a schema that cannot be followed.`);
    if (a.annotations !== b.annotations)
      report("text-changed", `The title, description, examples or default of ${part(way)} changed.`);
  }

  /** Union against no union: the other side becomes one branch for each of its types. */
  #compareAsUnion(old: Conjunction, now: Conjunction, a: View, b: View, way: string): boolean {
    const left = isPureUnion(a) && b.unions.length === 0 ? a.unions[0].branches : undefined;
    const right = isPureUnion(b) && a.unions.length === 0 ? b.unions[0].branches : undefined;
    const before = left ?? (right && asBranches(old));
    const after = right ?? (left && asBranches(now));
    if (!before || !after) return false;
    this.#compareBranches(before, after, way, new Spot(a.at, b.at));
    return true;
  }

  #compareUnions(a: View, b: View, way: string, report: ReportHere): void {
    for (let index = 0; index < Math.max(a.unions.length, b.unions.length); index++) {
      const [old, now] = [a.unions[index], b.unions[index]];
      if (old && now) {
        const spot = new Spot(old.at, now.at);
        if (old.keyword !== now.keyword)
          report("undecided", `\`${old.keyword}\` of ${part(way)} became \`${now.keyword}\`.`, spot, "key");
        this.#compareBranches(old.branches, now.branches, way, spot);
      } else if (now)
        report(
          "constraint-tightened",
          `${whole(way)} must also fit \`${now.keyword}\`.`,
          new Spot(a.at, now.at),
        );
      else if (old)
        report(
          "constraint-loosened",
          `${whole(way)} need not fit \`${old.keyword}\` any more.`,
          new Spot(old.at, b.at),
        );
    }
  }

  #compareBranches(old: readonly Located[], now: readonly Located[], way: string, spot: Spot): void {
    const { pairs, removed, added } = pairBranches(old, now);
    for (const [before, after] of pairs) this.compare([before], [after]);
    for (const branch of removed) {
      const isNull = isNullBranch(branch);
      this.#tell({
        kind: isNull ? "null-refused" : "variant-removed",
        spot: new Spot(branch.at, spot.new).or(this.#home),
        message: isNull
          ? `${whole(way)} is never null any more.`
          : `${whole(way)} has one form less: ${branchText(branch)}.`,
      });
    }
    for (const branch of added) {
      const isNull = isNullBranch(branch);
      this.#tell({
        kind: isNull ? "null-allowed" : "variant-added",
        spot: new Spot(spot.old, branch.at).or(this.#home),
        message: isNull
          ? `${whole(way)} may be null.`
          : `${whole(way)} may have another form: ${branchText(branch)}.`,
      });
    }
  }

  #compareObjects(a: View, b: View, way: string, report: ReportHere): void {
    for (const [name, old] of a.properties) {
      const now = b.properties.get(name);
      if (now) this.compare(old, now);
      else
        report(
          "property-removed",
          `The property \`${join(way, name)}\` is gone.`,
          new Spot(old[0]?.at ?? a.at, b.at),
          "key",
        );
    }
    for (const [name, now] of b.properties) {
      if (a.properties.has(name)) continue;
      const required = b.required.has(name) && !a.required.has(name);
      report(
        required ? "property-required" : "property-added",
        `The property \`${join(way, name)}\` is new${required ? " and required" : ""}.`,
        new Spot(a.at, now[0]?.at ?? b.at),
        "key",
      );
    }
    const { removed, added } = difference([...a.required.keys()], [...b.required.keys()]);
    for (const name of removed)
      if (!a.properties.has(name) || b.properties.has(name))
        report(
          "property-optional",
          `The property \`${join(way, name)}\` is no longer required.`,
          new Spot(a.required.get(name) ?? a.at, b.required.values().next().value ?? b.at),
        );
    for (const name of added)
      if (!b.properties.has(name) || a.properties.has(name))
        report(
          "property-required",
          `The property \`${join(way, name)}\` is required now.`,
          new Spot(a.required.values().next().value ?? a.at, b.required.get(name) ?? b.at),
        );
    for (const keyword of ["additionalProperties", "unevaluatedProperties"] as const)
      this.#compareOpenness(a, b, keyword, way, report);
  }

  #compareOpenness(
    a: View,
    b: View,
    keyword: "additionalProperties" | "unevaluatedProperties",
    way: string,
    report: ReportHere,
  ): void {
    const [old, now] = [subschemas(a, keyword), subschemas(b, keyword)];
    const [wasOpen, isOpen] = [!old.some(isFalse), !now.some(isFalse)];
    const spot = new Spot(old[0]?.at ?? a.at, now[0]?.at ?? b.at);
    if (wasOpen && !isOpen)
      report("closed", `${whole(way)} takes no property that is not declared.`, spot, "key");
    else if (!wasOpen && isOpen)
      report("opened", `${whole(way)} may have properties that are not declared.`, spot, "key");
    else if (wasOpen) this.#compareOptional(old, now, a, b, keyword);
  }

  #compareItems(a: View, b: View): void {
    this.#compareOptional(subschemas(a, "items"), subschemas(b, "items"), a, b, "items");
    const [old, now] = [prefixes(a), prefixes(b)];
    for (let index = 0; index < Math.max(old.length, now.length); index++) {
      const [first, second] = [old[index], now[index]];
      this.#compareOptional(first ? [first] : [], second ? [second] : [], a, b, "prefixItems");
    }
  }

  /** A keyword that is absent admits everything. */
  #compareOptional(old: Conjunction, now: Conjunction, a: View, b: View, keyword: string): void {
    if (old.length === 0 && now.length === 0) return;
    const anything = (of: View): Conjunction => [below(of.home, true, keyword)];
    this.compare(old.length > 0 ? old : anything(a), now.length > 0 ? now : anything(b));
  }

  /** Conjunctions by the schemas that they hold: booleans are told apart by their place. */
  #identity(conjunction: Conjunction): string {
    return conjunction
      .map(({ schema, at }) => {
        const thing: unknown = typeof schema === "boolean" ? `${schema} ${at.join("/")}` : schema;
        const number = this.#numbers.get(thing) ?? this.#numbers.size;
        this.#numbers.set(thing, number);
        return number;
      })
      .join("+");
  }
}

function isShared({ at, root }: Located): boolean {
  return at.length === 2 && at[0] === "schemas" && root.at.length === 2;
}

/** What stands beside a `$ref`. */
function siblings({ schema }: Located): Json {
  if (!isObject(schema)) return schema;
  return Object.entries(schema).filter(([keyword]) => keyword !== "$ref");
}

function subschemas(of: View, keyword: string): Conjunction {
  return (of.keywords.get(keyword) ?? []).map(({ value, from }) => below(from, value, keyword));
}

function prefixes(of: View): readonly Located[] {
  return (of.keywords.get("prefixItems") ?? []).flatMap(({ value, from }) =>
    Array.isArray(value)
      ? value.map((item: Json, index: number) => below(from, item, "prefixItems", index))
      : [],
  );
}

function isFalse({ schema }: Located): boolean {
  return schema === false;
}

function isNullBranch({ schema }: Located): boolean {
  return isObject(schema) && canonical(schema.type) === '"null"';
}

function branchText({ schema }: Located): string {
  if (!isObject(schema)) return shown(schema);
  const name = schema.title ?? schema.$ref ?? schema.type ?? schema.const;
  return name === undefined ? "one without a name" : shown(name);
}
