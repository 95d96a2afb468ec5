/** The keywords for values of any type: `type`, `enum`, `const`, and those that apply further schemas to the same value. */
import type { Json } from "../../ir.ts";
import { equalJson } from "../equal-json.ts";
import type { Compile } from "./compile.ts";
import { namedAlternative } from "./discriminator.ts";
import { type Check, fail, holdsSilently, type Rule, type Run, type Scope } from "./run.ts";
import { keyword, type SchemaObject, schemaKeyword, schemaList, textList } from "./schema-object.ts";

/** The keywords that judge the value by itself; `type` first, as it says most in fewest words. */
export function valueRules(schema: SchemaObject): Rule<unknown>[] {
  return [...typeRules(schema), ...fixedRules(schema)];
}

/** The keywords that apply further schemas to the same value. */
export function logicRules(schema: SchemaObject, compile: Compile): Rule<unknown>[] {
  return [
    ...schemaList(schema, "allOf").map(compile),
    ...anyOfRules(schema, compile),
    ...oneOfRules(schema, compile),
    ...notRules(schema, compile),
    ...conditionRules(schema, compile),
  ];
}

const nouns: Readonly<Record<string, string>> = {
  null: "null",
  boolean: "true or false",
  integer: "an integer",
  number: "a number",
  string: "a string",
  array: "a list",
  object: "an object",
};

/** The types that a schema names. */
export function typesOf(schema: SchemaObject): readonly string[] {
  const type = keyword(schema, "type");
  return typeof type === "string" ? [type] : textList(type);
}

function typeRules(schema: SchemaObject): Rule<unknown>[] {
  const types = typesOf(schema);
  const wanted = types.map((type) => nouns[type] ?? type).join(" or ");
  const tests = types.map(typeTest);
  const [only] = tests;
  if (only === undefined) return [];
  const test = tests.length === 1 ? only : (value: unknown) => tests.some((one) => one(value));
  return [(value, run) => test(value) || fail(run, `must be ${wanted}, not ${nounOf(value)}`)];
}

function typeTest(type: string): (value: unknown) => boolean {
  switch (type) {
    case "string":
      return (value) => typeof value === "string";
    case "boolean":
      return (value) => typeof value === "boolean";
    case "number":
      return (value) => typeof value === "number" || isNumberText(value) || typeof value === "bigint";
    case "integer":
      return (value) => Number.isInteger(value) || isLongInteger(value) || typeof value === "bigint";
    case "null":
      return (value) => value === null;
    case "array":
      return (value) => Array.isArray(value);
    case "object":
      return (value) => typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return () => true;
  }
}

/** An integer past ±2^53 is decoded as its decimal text, so such a text counts as an integer. */
export function isLongInteger(value: unknown): value is string {
  return typeof value === "string" && /^-?[1-9]\d{15,}$/.test(value) && !Number.isSafeInteger(Number(value));
}

/** A number that is decoded as its text: an integer past ±2^53, or one past the largest double, as `1e400`. */
export function isNumberText(value: unknown): value is string {
  if (typeof value !== "string" || !/^-?\d/.test(value)) return false;
  return isLongInteger(value) || (isJsonNumber.test(value) && !Number.isFinite(Number(value)));
}

const isJsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function nounOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "boolean") return "true or false";
  return nouns[typeof value] ?? "of another type";
}

function fixedRules(schema: SchemaObject): Rule<unknown>[] {
  const rules: Rule<unknown>[] = [];
  const constant = keyword(schema, "const");
  if (constant !== undefined) {
    const wanted = `must be ${shown(constant)}`;
    rules.push((value, run) => equalJson(constant, value) || fail(run, wanted));
  }
  const list = keyword(schema, "enum");
  if (Array.isArray(list)) {
    const isMember = memberTest(list);
    const more = list.length > 8 ? ` and ${list.length - 8} more` : "";
    const wanted = `must be one of ${list.slice(0, 8).map(shown).join(", ")}${more}`;
    rules.push((value, run) => isMember(value) || fail(run, wanted));
  }
  return rules;
}

/** A value that the schema names, within bounds; never the one that is checked. */
function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function memberTest(list: readonly Json[]): (value: unknown) => boolean {
  const isScalar = (item: unknown): boolean => typeof item !== "object" || item === null;
  const scalars = new Set<unknown>(list.filter(isScalar));
  const others = list.filter((item) => !isScalar(item));
  return (value) => scalars.has(value) || others.some((item) => equalJson(item, value));
}

function anyOfRules(schema: SchemaObject, compile: Compile): Rule<unknown>[] {
  const alternatives = schemaList(schema, "anyOf");
  if (alternatives.length === 0) return [];
  const checks = alternatives.map(compile);
  const named = namedAlternative(schema, alternatives);
  return [
    (value, run, scope) =>
      countMatches(checks, value, run, scope, scope ? checks.length : 1) > 0 ||
      explainNone(checks, value, run, checks[named?.(value) ?? -1]),
  ];
}

function oneOfRules(schema: SchemaObject, compile: Compile): Rule<unknown>[] {
  const alternatives = schemaList(schema, "oneOf");
  if (alternatives.length === 0) return [];
  const checks = alternatives.map(compile);
  const named = namedAlternative(schema, alternatives);
  return [
    (value, run, scope) => {
      // What says which alternative it is may fit others besides: that is what a discriminator is for.
      const own = checks[named?.(value) ?? -1];
      if (own !== undefined)
        return holdsSilently(own, value, run, scope) || explainNone(checks, value, run, own);
      const count = countMatches(checks, value, run, scope, 2);
      if (count === 0) return explainNone(checks, value, run);
      return count === 1 || fail(run, "fits more than one of the alternatives of its schema");
    },
  ];
}

/** Stops at `enough`. Where evaluated properties are asked for, every alternative that holds has its say. */
function countMatches(
  checks: readonly Check[],
  value: unknown,
  run: Run,
  scope: Scope | undefined,
  enough: number,
): number {
  let count = 0;
  for (const check of checks) {
    if (holdsSilently(check, value, run, scope) && ++count >= enough) break;
  }
  return count;
}

/** With one alternative (one besides null, the one that is named) its own findings say more than "none fits". */
function explainNone(checks: readonly Check[], value: unknown, run: Run, named?: Check): false {
  const candidates = named ? [named] : checks.filter((check) => !holdsSilently(check, null, run, undefined));
  const [only] = candidates;
  if (run.silent === 0 && candidates.length === 1 && only) {
    only(value, run, undefined);
    return false;
  }
  return fail(run, "fits none of the alternatives of its schema");
}

function notRules(schema: SchemaObject, compile: Compile): Rule<unknown>[] {
  const inner = schemaKeyword(schema, "not");
  if (inner === undefined) return [];
  const check = compile(inner);
  return [
    (value, run) =>
      !holdsSilently(check, value, run, undefined) || fail(run, 'must not fit the schema under "not"'),
  ];
}

function conditionRules(schema: SchemaObject, compile: Compile): Rule<unknown>[] {
  const [condition, yes, no] = ["if", "then", "else"].map((name) => {
    const inner = schemaKeyword(schema, name);
    return inner === undefined ? undefined : compile(inner);
  });
  if (!condition) return [];
  return [
    (value, run, scope) => {
      const branch = holdsSilently(condition, value, run, scope) ? yes : no;
      return branch === undefined || branch(value, run, scope);
    },
  ];
}
