import type { CallHole, Context, Hole, HoleStyle, RefHole, Template, ValueSymbol } from "../../schema/ir.ts";
import { isFunctionName } from "../../schema/language/functions.ts";
import { extractKey } from "../credentials/credentials.ts";
import { ConnectorError } from "../errors.ts";
import { reveal } from "../secrets/secret.ts";
import { encodeComponent } from "./component.ts";
import { checkEncodedSegment, type Encoder, encoders } from "./encode.ts";
import { templateFunctions } from "./functions.ts";
import { missingError, Refused, sourceOf, valueError } from "./refused.ts";
import type { Scope } from "./scope.ts";
import { toStyledText } from "./styles.ts";
import { isScalar, toText } from "./text.ts";

/** Gives a value, or undefined where it is absent. */
export type Evaluate<T = unknown> = (scope: Scope) => T | undefined;

/** Picks the encoder of a context; the default is the table of `encode.ts`. */
export type EncoderChoice = (context: Context) => Encoder;

const byContext: EncoderChoice = (context) => encoders[context];

/** Compiles a template into a closure that concatenates; undefined where an optional value in it is absent. */
export function compileText(template: Template, choose: EncoderChoice = byContext): Evaluate<string> {
  const parts = template.parts.map((part) =>
    typeof part === "string" ? part : compileEncoded(part, choose),
  );
  const [first, second] = parts;
  if (parts.length === 0) return () => "";
  if (parts.length === 1 && first !== undefined) return typeof first === "string" ? () => first : first;
  if (parts.length === 2 && typeof first === "string" && typeof second === "function") {
    return (scope) => {
      const text = second(scope);
      return text === undefined ? undefined : first + text;
    };
  }
  return (scope) => {
    let text = "";
    for (const part of parts) {
      const piece = typeof part === "string" ? part : part(scope);
      if (piece === undefined) return undefined;
      text += piece;
    }
    return text;
  };
}

/** Compiles a hole to its value, type kept: for bodies and function arguments. Null is a value here. */
export function compileValue(hole: Hole): Evaluate {
  return hole.kind === "ref" ? compileReference(hole) : compileCall(hole);
}

/** True where two builds of the template differ by themselves: a clock reading or a random value is in it. */
export function isTimed(template: Template): boolean {
  return template.parts.some((part) => typeof part !== "string" && part.kind === "call" && isTimedCall(part));
}

function isTimedCall(call: CallHole): boolean {
  return (
    call.function === "now" || call.function === "uuid" || call.function === "jwt" || call.args.some(isTimed)
  );
}

/** Every symbol that a template reads. */
export function symbolsOf(template: Template): ValueSymbol[] {
  return template.parts.flatMap((part) => {
    if (typeof part === "string") return [];
    return part.kind === "ref" ? [part.symbol] : part.args.flatMap(symbolsOf);
  });
}

/** Reads what a name was bound to. */
export function readSymbol(symbol: ValueSymbol): Evaluate {
  switch (symbol.kind) {
    case "parameter": {
      const { name } = symbol;
      return (scope) => scope.parameters.get(name);
    }
    case "setting": {
      const { key } = symbol;
      return (scope) => scope.settings.get(key);
    }
    case "credential": {
      const { key, member } = symbol;
      if (member !== undefined) return (scope) => memberOf(reveal(scope.credentials.fields.get(key)), member);
      return (scope) => reveal(scope.credentials.fields.get(key));
    }
    case "extract": {
      const key = extractKey(symbol.step, symbol.name);
      return (scope) => reveal(scope.credentials.extracts.get(key));
    }
    case "oauth": {
      const { name } = symbol;
      return (scope) => reveal(scope.credentials.oauth.get(name));
    }
    case "token":
      return (scope) => reveal(scope.credentials.token);
    case "grant": {
      const { name } = symbol;
      return (scope) => reveal(scope.grant?.get(name));
    }
    case "request": {
      const { part } = symbol;
      return (scope) => scope.request?.[part];
    }
  }
}

/** An own text of a JSON credential, such as a key file. */
function memberOf(value: unknown, member: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, member)
    ? Reflect.get(value, member)
    : undefined;
}

function compileReference(hole: RefHole): Evaluate {
  const read = readSymbol(hole.symbol);
  if (hole.optional) return read;
  return (scope) => {
    const value = read(scope);
    if (value === undefined) throw missingError(hole.symbol);
    return value;
  };
}

function compileCall(hole: CallHole): Evaluate {
  // An IR of another hand may name what the table does not have.
  if (!isFunctionName(hole.function)) {
    throw new ConnectorError({
      code: "unsupported",
      phase: "configuration",
      message: `The template function ${String(hole.function)} is not known to this runtime. Use a newer version.`,
    });
  }
  const run = templateFunctions[hole.function];
  const args = hole.args.map(compileArgument);
  const acceptsAbsent = hole.function === "default";
  const source = sourceOf(hole);
  return (scope) => {
    const values: unknown[] = [];
    for (const argument of args) {
      const value = argument(scope);
      if (value === undefined && !acceptsAbsent) return undefined;
      values.push(value);
    }
    try {
      return run(values, scope);
    } catch (thrown) {
      throw named(source, thrown);
    }
  };
}

/** An argument of one hole keeps its type (bytes for a hash, an object for `json`). */
function compileArgument(template: Template): Evaluate {
  const [only] = template.parts;
  if (template.parts.length !== 1 || only === undefined || typeof only === "string")
    return compileText(template, () => asIs);
  const value = compileValue(only);
  return (scope) => value(scope) ?? undefined;
}

function asIs(text: string): string {
  return text;
}

/** A value in a path, in the style of its parameter; the style's own delimiters are syntax, not data. */
function compileStyled(hole: Hole, { name, style, explode }: HoleStyle): Evaluate<string> {
  const value = compileValue(hole);
  const source = sourceOf(hole);
  return (scope) => {
    const plain = value(scope);
    if (plain === undefined || plain === null) return undefined;
    try {
      const text = toStyledText(name, plain, style, explode, encodeComponent);
      // The others have a first character of their own; whether it makes a dot segment shows in the whole path.
      return style === "simple" ? checkEncodedSegment(text) : text;
    } catch (thrown) {
      throw named(source, thrown);
    }
  };
}

function compileEncoded(hole: Hole, choose: EncoderChoice): Evaluate<string> {
  if (hole.kind === "ref" && hole.style && hole.context === "path") return compileStyled(hole, hole.style);
  const value = compileValue(hole);
  const encode = encoderOf(hole, choose);
  const source = sourceOf(hole);
  const spreads = hole.context === "path" || hole.context === "query";
  return (scope) => {
    const plain = value(scope);
    if (plain === undefined || plain === null) return undefined;
    try {
      // The commas of a list are its own syntax, not data (OpenAPI style `simple`).
      if (spreads && Array.isArray(plain) && plain.length > 0 && plain.every(isScalar))
        return plain.map((item) => encode(toText(item))).join(",");
      return encode(toText(plain));
    } catch (thrown) {
      throw named(source, thrown);
    }
  };
}

/** `url()` and `path()` count as encoded where a URL asks for it. */
function encoderOf(hole: Hole, choose: EncoderChoice): Encoder {
  const inPath = hole.context === "path" || hole.context === "path_slashes";
  if (hole.kind === "call" && (hole.function === "url" || hole.function === "path")) {
    if (inPath) return checkEncodedSegment;
    if (hole.context === "query" || hole.context === "form") return asIs;
  }
  return choose(hole.context);
}

/** A refusal says which value it is about. */
function named(source: ValueSymbol | undefined, thrown: unknown): unknown {
  return thrown instanceof Refused ? valueError(source, thrown.message) : thrown;
}
