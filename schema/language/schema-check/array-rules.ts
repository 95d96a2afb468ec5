/** The keywords for lists. */
import type { Compile } from "./compile.ts";
import { type Check, checkChild, fail, holdsSilently, type Rule, type Run, type Scope } from "./run.ts";
import { keyword, numberKeyword, type SchemaObject, schemaKeyword, schemaList } from "./schema-object.ts";

type List = readonly unknown[];

/** The keywords for lists, `unevaluatedItems` last. */
export function arrayRules(schema: SchemaObject, compile: Compile): Rule<List>[] {
  return [
    ...sizeRules(schema),
    ...itemRules(schema, compile),
    ...containsRules(schema, compile),
    ...(keyword(schema, "uniqueItems") === true ? [uniqueItems] : []),
  ];
}

function sizeRules(schema: SchemaObject): Rule<List>[] {
  const rules: Rule<List>[] = [];
  const min = numberKeyword(schema, "minItems");
  if (min !== undefined)
    rules.push((list, run) => list.length >= min || fail(run, `must have at least ${items(min)}`));
  const max = numberKeyword(schema, "maxItems");
  if (max !== undefined)
    rules.push((list, run) => list.length <= max || fail(run, `must have at most ${items(max)}`));
  return rules;
}

function itemRules(schema: SchemaObject, compile: Compile): Rule<List>[] {
  // A list under `items` is what drafts before 2020-12 wrote for `prefixItems`.
  const prefix = [...schemaList(schema, "prefixItems"), ...schemaList(schema, "items")].map(compile);
  const rest = schemaKeyword(schema, "items");
  const check = rest === undefined ? undefined : compile(rest);
  const rules: Rule<List>[] = [];
  if (prefix.length > 0) rules.push((list, run, scope) => checkPrefix(list, prefix, run, scope));
  if (check) rules.push((list, run, scope) => checkRest(list, prefix.length, check, run, scope));
  return rules;
}

function checkPrefix(list: List, prefix: readonly Check[], run: Run, scope: Scope | undefined): boolean {
  let holds = true;
  const count = Math.min(prefix.length, list.length);
  for (let index = 0; index < count; index++) {
    const check = prefix[index];
    if (check && !checkChild(check, list[index], index, run)) {
      holds = false;
      if (run.silent > 0) return false;
    }
    scope?.items.add(index);
  }
  return holds;
}

function checkRest(list: List, from: number, check: Check, run: Run, scope: Scope | undefined): boolean {
  let holds = true;
  const level = run.path.push(from) - 1;
  for (let index = from; index < list.length; index++) {
    run.path[level] = index;
    if (check(list[index], run, undefined)) continue;
    holds = false;
    if (run.silent > 0) break;
  }
  run.path.pop();
  if (scope) scope.allItems = true;
  return holds;
}

function containsRules(schema: SchemaObject, compile: Compile): Rule<List>[] {
  const inner = schemaKeyword(schema, "contains");
  if (inner === undefined) return [];
  const check = compile(inner);
  const min = numberKeyword(schema, "minContains") ?? 1;
  const max = numberKeyword(schema, "maxContains") ?? Number.POSITIVE_INFINITY;
  return [
    (list, run, scope) => {
      let found = 0;
      for (let index = 0; index < list.length; index++) {
        if (!holdsSilently(check, list[index], run, undefined)) continue;
        found++;
        scope?.items.add(index);
      }
      if (found < min)
        return fail(run, `must contain at least ${items(min)} of the kind that its schema names`);
      return (
        found <= max || fail(run, `must contain at most ${items(max)} of the kind that its schema names`)
      );
    },
  ];
}

function uniqueItems(list: List, run: Run): boolean {
  const seen = new Set<unknown>();
  for (const item of list) {
    // Strings get a mark so that none equals the key of an object.
    const key =
      typeof item === "object" && item !== null
        ? canonical(item)
        : typeof item === "string"
          ? `"${item}`
          : item;
    if (seen.has(key)) return fail(run, "must not hold equal items");
    seen.add(key);
  }
  return true;
}

/** A text that equal JSON values share, whatever the order of their keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "";
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(",")}}`;
}

/** `unevaluatedItems`: runs after every other keyword of its schema. */
export function unevaluatedItems(schema: SchemaObject, compile: Compile): Rule<List>[] {
  const inner = schemaKeyword(schema, "unevaluatedItems");
  if (inner === undefined) return [];
  const check = compile(inner);
  return [
    (list, run, scope) => {
      if (!scope || scope.allItems) return true;
      let holds = true;
      for (let index = 0; index < list.length; index++) {
        if (!scope.items.has(index) && !checkChild(check, list[index], index, run)) holds = false;
      }
      scope.allItems = true;
      return holds;
    },
  ];
}

function items(count: number): string {
  return count === 1 ? "1 item" : `${count} items`;
}
