/**
 * From a schema to a check: each schema becomes one function over the rules of its keywords, sorted by the type
 * of value that they ask about. No code is generated.
 */
import type { JsonSchema } from "../../ir.ts";
import { arrayRules, unevaluatedItems } from "./array-rules.ts";
import { isNumberText, logicRules, typesOf, valueRules } from "./logic-rules.ts";
import { objectRules, unevaluatedProperties } from "./object-rules.ts";
import type { Located, References } from "./references.ts";
import { type Check, enter, fail, mergeScope, newScope, type Rule } from "./run.ts";
import { numberRules, stringRules } from "./scalar-rules.ts";
import { keyword, type SchemaObject, textKeyword } from "./schema-object.ts";

/** What a value is part of, where its schema says what only one side sets. */
export type Direction = "request" | "response";

/** Compiles a subschema. */
export type Compile = (schema: JsonSchema) => Check;

interface Rules {
  readonly value: readonly Rule<unknown>[];
  /** Those that apply further schemas to the same value. */
  readonly logic: readonly Rule<unknown>[];
  readonly number: readonly Rule<number>[];
  readonly string: readonly Rule<string>[];
  readonly array: readonly Rule<readonly unknown[]>[];
  readonly object: readonly Rule<{ readonly [name: string]: unknown }>[];
}

/** Compiles the root of `references`. `tracks`: some schema uses an `unevaluated…` keyword. */
export function compileSchema(references: References, tracks: boolean, direction?: Direction): Check {
  /** Filled before a schema's own parts are compiled, so that recursive schemas find themselves. */
  const compiled = new Map<SchemaObject, { check: Check }>();

  function compileAt(schema: JsonSchema, outer: string): Check {
    if (typeof schema === "boolean")
      return schema ? () => true : (_, run) => fail(run, "is not allowed here");
    const known = compiled.get(schema);
    if (known) return (value, run, scope) => known.check(value, run, scope);
    const entry = { check: (): boolean => true } as { check: Check };
    compiled.set(schema, entry);
    try {
      entry.check = checkOf(schema, rulesOf(schema, references.baseOf(schema, outer)), tracks);
    } catch (error) {
      // A reference in it leads nowhere, which is to be said each time.
      compiled.delete(schema);
      throw error;
    }
    return entry.check;
  }

  /** What a reference leads to is compiled when a value first gets there: answers meet few of a large connector's schemas. */
  function compileWhenMet(located: Located): Check {
    let check: Check | undefined;
    return (value, run, scope) => {
      if (!check) {
        references.read(located);
        check = compileAt(located.schema, located.base);
      }
      return check(value, run, scope);
    };
  }

  function rulesOf(schema: SchemaObject, base: string): Rules {
    const compile: Compile = (inner) => compileAt(inner, base);
    return {
      value: valueRules(schema),
      logic: [...referenceRules(schema, base), ...logicRules(schema, compile)],
      number: numberRules(schema),
      string: stringRules(schema),
      array: [...arrayRules(schema, compile), ...unevaluatedItems(schema, compile)],
      object: [...objectRules(schema, compile, direction), ...unevaluatedProperties(schema, compile)],
    };
  }

  /** `$dynamicRef` is followed like `$ref`: no schema of a connector is extended from outside. */
  function referenceRules(schema: SchemaObject, base: string): Check[] {
    return ["$ref", "$dynamicRef"].flatMap((name) => {
      const reference = textKeyword(schema, name);
      if (reference === undefined) return [];
      return [compileWhenMet(references.resolve(reference, base))];
    });
  }

  return compileAt(references.root.schema, references.root.base);
}

function checkOf(schema: SchemaObject, rules: Rules, tracks: boolean): Check {
  const check = isLeaf(rules) ? leafCheck(schema, rules) : nodeCheck(schema, rules, tracks);
  if (keyword(schema, "nullable") !== true) return check;
  // OpenAPI 3.0: `nullable` lets null through whatever else is said.
  return (value, run, outer) => value === null || check(value, run, outer);
}

/** A leaf applies no further schema: it can neither recurse nor evaluate anything. Most schemas are leaves. */
function isLeaf(rules: Rules): boolean {
  return rules.logic.length + rules.array.length + rules.object.length === 0;
}

function leafCheck(schema: SchemaObject, rules: Rules): Check {
  const own = sequence(rules.value);
  if (rules.string.length + rules.number.length === 0) return own;
  const seenAs = numericView(schema);
  const text = sequence(rules.string);
  const number = sequence(rules.number);
  return (value, run) => {
    const holds = own(value, run, undefined);
    if (!holds && run.silent > 0) return false;
    const seen = seenAs(value);
    if (typeof seen === "string") return text(seen, run, undefined) && holds;
    return typeof seen === "number" ? number(seen, run, undefined) && holds : holds;
  };
}

function nodeCheck(schema: SchemaObject, rules: Rules, tracks: boolean): Check {
  const value = sequence([...rules.value, ...rules.logic]);
  const byType = typeDispatch(schema, rules);
  return (instance, run, outer) => {
    enter(run);
    const scope = tracks ? newScope() : undefined;
    let holds = value(instance, run, scope);
    if (holds || run.silent === 0) holds = byType(instance, run, scope) && holds;
    run.depth--;
    if (holds && outer && scope) mergeScope(outer, scope);
    return holds;
  };
}

function typeDispatch(schema: SchemaObject, rules: Rules): Check {
  const text = sequence(rules.string);
  const number = sequence(rules.number);
  const list = sequence(rules.array);
  const object = sequence(rules.object);
  const seenAs = numericView(schema);
  return (value, run, scope) => {
    if (typeof value === "object") {
      if (value === null) return true;
      if (Array.isArray(value)) return list(value, run, scope);
      return object(value as { readonly [name: string]: unknown }, run, scope);
    }
    const seen = seenAs(value);
    if (typeof seen === "string") return text(seen, run, scope);
    return typeof seen === "number" ? number(seen, run, scope) : true;
  };
}

/** Where a number is wanted, a number that is decoded as text is judged as one. */
function numericView(schema: SchemaObject): (value: unknown) => unknown {
  const types = typesOf(schema);
  if (types.includes("string") || !(types.includes("integer") || types.includes("number")))
    return (value) => value;
  return (value) => (isNumberText(value) || typeof value === "bigint" ? Number(value) : value);
}

/** All rules in one; each has its say unless nobody listens any more. */
function sequence<T>(rules: readonly Rule<T>[]): Rule<T> {
  const [first, second] = rules;
  if (!first) return () => true;
  if (!second) return first;
  if (rules.length === 2) {
    return (value, run, scope) => {
      const holds = first(value, run, scope);
      return (holds || run.silent === 0) && second(value, run, scope) && holds;
    };
  }
  return (value, run, scope) => {
    let holds = true;
    for (const rule of rules) {
      if (rule(value, run, scope)) continue;
      holds = false;
      if (run.silent > 0) return false;
    }
    return holds;
  };
}
