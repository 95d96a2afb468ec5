/** What one check of one value carries along, and the bounds that it keeps. */

/** What is wrong with a value and where (a JSON Pointer, RFC 6901). The value itself is not quoted. */
export interface SchemaIssue {
  readonly path: string;
  readonly message: string;
}

/** The state of one check. */
export interface Run {
  /** Keys and indexes from the root to the value at hand. */
  readonly path: (string | number)[];
  readonly issues: SchemaIssue[];
  /** Above 0 nothing is recorded and the first failure decides: inside `not`, `anyOf`, … and when the list is full. */
  silent: number;
  depth: number;
  steps: number;
}

/** What the schemas applied to one object or list have looked at, for the `unevaluated…` keywords. */
export interface Scope {
  readonly properties: Set<string>;
  readonly items: Set<number>;
  allProperties: boolean;
  allItems: boolean;
}

/** A compiled schema. `outer` collects what a value's schema has evaluated, where anyone asks for it. */
export type Check = (value: unknown, run: Run, outer: Scope | undefined) => boolean;

/** A compiled keyword for values of one type. */
export type Rule<T> = (value: T, run: Run, scope: Scope | undefined) => boolean;

/** The check was given up: the value nests too deep for its schema, or has been looked at too often. */
export class SchemaBoundError extends Error {}

const maxIssues = 20;
const maxDepth = 512;
const maxSteps = 5_000_000;

/** A fresh state. */
export function newRun(): Run {
  return { path: [], issues: [], silent: 0, depth: 0, steps: 0 };
}

/** A fresh record of what is evaluated. */
export function newScope(): Scope {
  return { properties: new Set(), items: new Set(), allProperties: false, allItems: false };
}

/** Adds what a subschema that holds has evaluated. */
export function mergeScope(into: Scope, from: Scope): void {
  for (const name of from.properties) into.properties.add(name);
  for (const index of from.items) into.items.add(index);
  into.allProperties ||= from.allProperties;
  into.allItems ||= from.allItems;
}

/** Records an issue at the value at hand; always false. */
export function fail(run: Run, message: string): false {
  if (run.silent > 0) return false;
  run.issues.push({ path: pointer(run.path), message });
  if (run.issues.length >= maxIssues) run.silent++;
  return false;
}

/** Enters a schema. Recursive schemas and alternatives inside alternatives end here at the latest. */
export function enter(run: Run): void {
  if (++run.depth > maxDepth)
    throw new SchemaBoundError(`the value or its schema nests past ${maxDepth} levels`);
  if (++run.steps > maxSteps) throw new SchemaBoundError(`the check takes more than ${maxSteps} steps`);
}

/** Applies the schema of a property or an item. */
export function checkChild(check: Check, value: unknown, key: string | number, run: Run): boolean {
  run.path.push(key);
  const holds = check(value, run, undefined);
  run.path.pop();
  return holds;
}

/** Applies a schema to the same value without recording what it finds. */
export function holdsSilently(check: Check, value: unknown, run: Run, scope: Scope | undefined): boolean {
  run.silent++;
  const holds = check(value, run, scope);
  run.silent--;
  return holds;
}

/** The JSON Pointer of a place. */
export function pointer(path: readonly (string | number)[]): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
