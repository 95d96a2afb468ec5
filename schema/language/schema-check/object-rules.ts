/** The keywords for objects. Only own properties count. */
import { compilePattern } from "../pattern-engine.ts";
import type { Compile, Direction } from "./compile.ts";
import { type Check, checkChild, fail, type Rule, type Run, type Scope } from "./run.ts";
import {
  isObject,
  keyword,
  numberKeyword,
  type SchemaObject,
  schemaKeyword,
  schemaMap,
  textList,
} from "./schema-object.ts";

type Properties = { readonly [name: string]: unknown };

/** The keywords for objects. */
export function objectRules(
  schema: SchemaObject,
  compile: Compile,
  direction: Direction | undefined,
): Rule<Properties>[] {
  return [
    ...sizeRules(schema),
    ...requiredRules(schema, direction),
    ...propertyRules(schema, compile),
    ...nameRules(schema, compile),
    ...dependentRules(schema, compile),
  ];
}

function sizeRules(schema: SchemaObject): Rule<Properties>[] {
  const rules: Rule<Properties>[] = [];
  const min = numberKeyword(schema, "minProperties");
  if (min !== undefined) {
    rules.push(
      (object, run) =>
        Object.keys(object).length >= min || fail(run, `must have at least ${properties(min)}`),
    );
  }
  const max = numberKeyword(schema, "maxProperties");
  if (max !== undefined) {
    rules.push(
      (object, run) => Object.keys(object).length <= max || fail(run, `must have at most ${properties(max)}`),
    );
  }
  return rules;
}

/** What only the server sets need not be sent, nor what it only takes be answered (OpenAPI 3.0.4, section 4.7.24.2). */
function requiredRules(schema: SchemaObject, direction: Direction | undefined): Rule<Properties>[] {
  const declared = new Map(direction === undefined ? [] : schemaMap(schema, "properties"));
  const mark = direction === "request" ? "readOnly" : "writeOnly";
  const names = textList(keyword(schema, "required")).filter((name) => {
    const property = declared.get(name);
    return !(isObject(property) && keyword(property, mark) === true);
  });
  if (names.length === 0) return [];
  return [
    (object, run) => {
      let holds = true;
      for (const name of names) {
        if (Object.hasOwn(object, name)) continue;
        holds = fail(run, `lacks the required property ${JSON.stringify(name)}`);
        if (run.silent > 0) return false;
      }
      return holds;
    },
  ];
}

/** `properties`, `patternProperties` and `additionalProperties`, which see one another. */
function propertyRules(schema: SchemaObject, compile: Compile): Rule<Properties>[] {
  const declared = new Map(schemaMap(schema, "properties").map(([name, inner]) => [name, compile(inner)]));
  const patterns = schemaMap(schema, "patternProperties").map(([text, inner]) =>
    patternRule(text, compile(inner)),
  );
  const additional = schemaKeyword(schema, "additionalProperties");
  if (patterns.length === 0 && (additional === undefined || additional === true)) {
    const entries = [...declared].map(([name, check]) => ({ name, check }));
    const all = additional === true;
    return entries.length === 0 && !all
      ? []
      : [(object, run, scope) => checkDeclared(object, entries, all, run, scope)];
  }
  const others = additional === undefined ? undefined : compile(additional);
  return [(object, run, scope) => checkEach(object, declared, patterns, others, run, scope)];
}

interface PatternRule {
  readonly covers: (name: string) => boolean;
  readonly check: Check;
}

/** A pattern that cannot be run covers every name and asks nothing: better than refusing what it may allow. */
function patternRule(text: string, check: Check): PatternRule {
  const pattern = compilePattern(text, "search");
  return "test" in pattern ? { covers: pattern.test, check } : { covers: () => true, check: () => true };
}

function checkDeclared(
  object: Properties,
  entries: readonly { readonly name: string; readonly check: Check }[],
  all: boolean,
  run: Run,
  scope: Scope | undefined,
): boolean {
  let holds = true;
  const level = run.path.push("") - 1;
  for (const { name, check } of entries) {
    if (!Object.hasOwn(object, name)) continue;
    scope?.properties.add(name);
    run.path[level] = name;
    if (check(object[name], run, undefined)) continue;
    holds = false;
    if (run.silent > 0) break;
  }
  run.path.pop();
  if (all && scope) scope.allProperties = true;
  return holds;
}

function checkEach(
  object: Properties,
  declared: ReadonlyMap<string, Check>,
  patterns: readonly PatternRule[],
  others: Check | undefined,
  run: Run,
  scope: Scope | undefined,
): boolean {
  let holds = true;
  for (const name of Object.keys(object)) {
    const own = declared.get(name);
    let covered = own !== undefined;
    if (own && !checkChild(own, object[name], name, run)) holds = false;
    for (const pattern of patterns) {
      if (!pattern.covers(name)) continue;
      covered = true;
      if (!checkChild(pattern.check, object[name], name, run)) holds = false;
    }
    if (!covered && others && !checkChild(others, object[name], name, run)) holds = false;
    if (covered || others) scope?.properties.add(name);
    if (!holds && run.silent > 0) return false;
  }
  return holds;
}

function nameRules(schema: SchemaObject, compile: Compile): Rule<Properties>[] {
  const inner = schemaKeyword(schema, "propertyNames");
  if (inner === undefined) return [];
  const check = compile(inner);
  return [
    (object, run) => {
      let holds = true;
      for (const name of Object.keys(object)) if (!checkChild(check, name, name, run)) holds = false;
      return holds;
    },
  ];
}

function dependentRules(schema: SchemaObject, compile: Compile): Rule<Properties>[] {
  const required = keyword(schema, "dependentRequired");
  const lists = isObject(required)
    ? Object.entries(required).map(([name, list]) => [name, textList(list)] as const)
    : [];
  const schemas = schemaMap(schema, "dependentSchemas").map(
    ([name, inner]) => [name, compile(inner)] as const,
  );
  return [
    ...lists.map(
      ([name, needed]): Rule<Properties> =>
        (object, run) => {
          const missing = Object.hasOwn(object, name)
            ? needed.find((other) => !Object.hasOwn(object, other))
            : undefined;
          return (
            missing === undefined ||
            fail(run, `has ${JSON.stringify(name)} and so must have ${JSON.stringify(missing)}`)
          );
        },
    ),
    ...schemas.map(
      ([name, check]): Rule<Properties> =>
        (object, run, scope) =>
          !Object.hasOwn(object, name) || check(object, run, scope),
    ),
  ];
}

/** `unevaluatedProperties`: runs after every other keyword of its schema. */
export function unevaluatedProperties(schema: SchemaObject, compile: Compile): Rule<Properties>[] {
  const inner = schemaKeyword(schema, "unevaluatedProperties");
  if (inner === undefined) return [];
  const check = compile(inner);
  return [
    (object, run, scope) => {
      if (!scope || scope.allProperties) return true;
      let holds = true;
      for (const name of Object.keys(object)) {
        if (!scope.properties.has(name) && !checkChild(check, object[name], name, run)) holds = false;
      }
      scope.allProperties = true;
      return holds;
    },
  ];
}

function properties(count: number): string {
  return count === 1 ? "1 property" : `${count} properties`;
}
