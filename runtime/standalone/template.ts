/** Fills in the templates of a plan. */
import type { Context } from "../../schema/ir.ts";
import {
  type Hole,
  type HoleStyle,
  type NodePlan,
  optionalHole,
  secretHole,
  type Text,
  type ValueKey,
} from "../../schema/standalone-plan.ts";
import { encodeComponent } from "../request/component.ts";
import { checkEncodedSegment, encoders } from "../request/encode.ts";
import { type TemplateFunction, templateFunctions } from "../request/functions.ts";
import { halfPair, Refused } from "../request/refused.ts";
import { toStyledText } from "../request/styles.ts";
import { isScalar, toText } from "../request/text.ts";
import { type ConnectorError, failure } from "./errors.ts";
import { planHas } from "./plan-has.ts";
import type { Random } from "./types.ts";

/** Where the holes of one exchange find their values. */
export interface Scope {
  get(key: ValueKey): unknown;
  readonly time: { wall(): number };
  readonly random: Random;
}

export type Encode = (text: string, context: Context) => string;

export const asIs: Encode = (text) => text;
const byContext: Encode = (text, context) => encoders[context](text);

/** Undefined where an optional value in it is absent. */
export function render(text: Text, scope: Scope, encode: Encode = byContext): string | undefined {
  if (typeof text === "string") return text;
  let whole = "";
  for (const part of text) {
    const piece = typeof part === "string" ? part : encoded(part, scope, encode);
    if (piece === undefined) return undefined;
    whole += piece;
  }
  return whole;
}

/** The value of a hole, type kept. */
export function valueIn(hole: Hole, scope: Scope): unknown {
  if (planHas.calls && isCall(hole)) return called(hole, scope);
  const [key, , bits] = hole;
  const value = scope.get(key);
  if (value === undefined && !(bits & optionalHole)) throw missing(key);
  return value;
}

export function holdsSecret(text: Text): boolean {
  return (
    typeof text !== "string" && text.some((part) => typeof part !== "string" && (part[2] & secretHole) > 0)
  );
}

/** The first value that flows into a hole: what to name when its result is refused. */
export function sourceOf(hole: Hole): ValueKey | undefined {
  if (planHas.calls && isCall(hole)) {
    for (const argument of hole[3])
      for (const part of argument) {
        const source = typeof part === "string" ? undefined : sourceOf(part);
        if (source !== undefined) return source;
      }
    return undefined;
  }
  return hole[0];
}

export function firstSource(text: Text): ValueKey | undefined {
  const hole = typeof text === "string" ? undefined : text.find((part) => typeof part !== "string");
  return hole === undefined || typeof hole === "string" ? undefined : sourceOf(hole);
}

/** Runs what encodes a value; what is refused says which value it is about. */
export function naming<T>(source: ValueKey | undefined, encode: () => T): T {
  try {
    return encode();
  } catch (thrown) {
    throw thrown instanceof Refused ? valueError(source, thrown.message) : thrown;
  }
}

const subjects: Readonly<Record<string, string>> = {
  p: "Parameter",
  s: "Setting",
  c: "Credential",
  t: "The access token",
};

function nameOf(key: ValueKey): string {
  const name = key.slice(2).replace("\n", ".");
  return `${subjects[key[0] ?? ""] ?? "Value"}${name && ` "${name}"`}`;
}

/** The error for a value that cannot stand where a template puts it. It names the value and never shows it. */
export function valueError(key: ValueKey | undefined, problem: string): ConnectorError {
  const [kind = "p"] = key ?? "";
  const isGiven = /[psc]/.test(kind);
  return failure(
    kind === "p" ? "invalid_parameters" : isGiven ? "configuration" : "chain_step_failed",
    `${key === undefined ? "A computed value" : nameOf(key)} ${problem}.`,
    {
      ...(/[ps]/.test(kind) ? {} : { phase: "credentials" }),
      ...(key && isGiven
        ? { details: { [(subjects[kind] ?? "").toLowerCase()]: key.slice(2).split("\n")[0] } }
        : {}),
    },
  );
}

function missing(key: ValueKey): ConnectorError {
  if (key[0] === "p") return valueError(key, "is required");
  if (key[0] === "s") return valueError(key, "is required. Give it under `config`");
  return failure("missing_credential", `${nameOf(key)} is not at hand. Check the credentials.`);
}

function isCall(hole: Hole): hole is Extract<Hole, readonly [`=${string}`, ...unknown[]]> {
  return hole[0][0] === "=";
}

function called(
  [name, , , args]: Extract<Hole, readonly [`=${string}`, ...unknown[]]>,
  scope: Scope,
): unknown {
  const run: TemplateFunction = templateFunctions[name.slice(1) as keyof typeof templateFunctions];
  const values: unknown[] = [];
  let source: ValueKey | undefined;
  for (const argument of args) {
    const [only] = argument;
    source ??= firstSource(argument);
    const value =
      typeof argument !== "string" && argument.length === 1 && typeof only === "object"
        ? (valueIn(only, scope) ?? undefined)
        : render(argument, scope, asIs);
    if (value === undefined && name !== "=default") return undefined;
    values.push(value);
  }
  return naming(source, () => run(values, scope));
}

function encoded(hole: Hole, scope: Scope, encode: Encode): string | undefined {
  const [name, context] = hole;
  const plain = valueIn(hole, scope);
  if (plain === undefined || plain === null) return undefined;
  return naming(sourceOf(hole), () => {
    if (planHas.calls && isCall(hole)) {
      // `url()` and `path()` count as encoded where a URL asks for it.
      const isEncoded = (name === "=url" || name === "=path") && encode === byContext;
      if (isEncoded && context.startsWith("path")) return checkEncodedSegment(toText(plain));
      if (isEncoded && (context === "query" || context === "form")) return toText(plain);
    } else if (planHas.styledSegments && hole[3]) return styledSegment(plain, hole[3] as HoleStyle);
    // The commas of a list are its own syntax, not data (OpenAPI style `simple`).
    if (
      planHas.structures &&
      (context === "path" || context === "query") &&
      Array.isArray(plain) &&
      plain.length > 0 &&
      plain.every(isScalar)
    )
      return plain.map((item) => encode(toText(item), context)).join(",");
    return encode(toText(plain), context);
  });
}

/** The others have a first character of their own; whether it makes a dot segment shows in the whole path. */
function styledSegment(value: unknown, [name, style, explode]: HoleStyle): string {
  const text = toStyledText(name, value, style, explode, encodeComponent);
  return style === "simple" ? checkEncodedSegment(text) : text;
}

/** Builds a structure of a body; undefined where all of it is absent. */
export function build(node: NodePlan, scope: Scope, encode: Encode, isRoot = true): unknown {
  if (node[0] === "literal") return node[1];
  if (node[0] === "value") {
    const [, hole] = node;
    const value = valueIn(hole, scope);
    // Half of a surrogate pair has no bytes; JSON alone can write it, as an escape.
    if (typeof value === "string" && hole[1] !== "json" && !value.isWellFormed())
      throw valueError(sourceOf(hole), halfPair().message);
    return value;
  }
  if (planHas.bodyTexts && node[0] === "text") return render(node[1], scope, encode);
  if (planHas.bodyLists && node[0] === "list")
    return node[1].map((item) => build(item, scope, encode, false)).filter((value) => value !== undefined);
  const [, given] = node as Extract<NodePlan, readonly ["object", unknown]>;
  const entries = given.flatMap(([key, inner]) => {
    const value = build(inner, scope, encode, false);
    return value === undefined ? [] : [[key, value] as const];
  });
  // An inner object goes when everything that was to stand in it went; one that the author wrote empty stays.
  return !isRoot && entries.length === 0 && given.length > 0 ? undefined : Object.fromEntries(entries);
}
