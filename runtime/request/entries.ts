import type { Entry, ParameterEntry, Template } from "../../schema/ir.ts";
import { isReservedHeader } from "../../schema/language/reserved-headers.ts";
import { ConnectorError } from "../errors.ts";
import { encodeComponent } from "./component.ts";
import { encoders } from "./encode.ts";
import { Refused, valueError } from "./refused.ts";
import type { Scope } from "./scope.ts";
import { isEmpty, type Pair, toPairs, toStyledText } from "./styles.ts";
import { compileText, isTimed, symbolsOf } from "./template.ts";
import { isScalar, toText } from "./text.ts";

/** What a compiled entry adds to its list: nothing where its value is absent. */
export type Contribute = (scope: Scope, into: Pair[]) => void;

/** Compiles the entries of a query; entries of one name append. */
export function compileQuery(entries: readonly Entry[]): (scope: Scope) => readonly Pair[] {
  return collect(entries, encodeComponent, (entry) => pairsOf(entry, encodeComponent));
}

/** Compiles cookies into the pairs of one `cookie` header. */
export function compileCookies(entries: readonly Entry[]): (scope: Scope) => readonly Pair[] {
  return collect(entries, encoders.cookie, (entry) => pairsOf(entry, encoders.cookie, checkCookieNames));
}

/** Compiles headers; names in lower case. Throws for one that is the transport's. */
export function compileHeaders(entries: readonly Entry[]): (scope: Scope) => readonly Pair[] {
  for (const { name } of entries) checkHeaderName(name);
  return collect(entries, (name) => name.toLowerCase(), headerOf);
}

/** The compiler's word is not the only guard: an IR of another hand may name a header that only the transport may set. */
export function checkHeaderName(name: string): void {
  if (!isReservedHeader(name)) return;
  throw new ConnectorError({
    code: "configuration",
    phase: "configuration",
    message: `The header ${name} is the transport's to set. Remove it from the descriptor; it is computed for each request.`,
    details: { header: name },
  });
}

const none: readonly Pair[] = [];

/** True where an entry says the same in every request. */
export function isFixed(entry: Entry): boolean {
  return entry.kind === "template" && entry.value.parts.every((part) => typeof part === "string");
}

/** True where an entry reads the clock, chance, or the encoded request. */
export function isVolatile(entry: Entry): boolean {
  return entry.kind === "template" && (isTimed(entry.value) || readsRequest(entry.value));
}

/** True where an entry is made of the encoded request, which must be there first. */
export function needsRequest(entry: Entry): boolean {
  return entry.kind === "template" && readsRequest(entry.value);
}

/** True where a secret flows into an entry; signatures of a request tell nothing of theirs. */
export function holdsSecret(entry: Entry): boolean {
  return entry.kind === "template" && templateHoldsSecret(entry.value) && !readsRequest(entry.value);
}

function readsRequest(template: Template): boolean {
  return symbolsOf(template).some((symbol) => symbol.kind === "request");
}

function templateHoldsSecret(template: Template): boolean {
  return template.parts.some(
    (part) =>
      typeof part !== "string" &&
      (part.secret || (part.kind === "call" && part.args.some(templateHoldsSecret))),
  );
}

function collect(
  entries: readonly Entry[],
  encodeName: (name: string) => string,
  parameter: (entry: ParameterEntry) => Contribute,
): (scope: Scope) => readonly Pair[] {
  const contributions = entries.map((entry) =>
    entry.kind === "parameter" ? parameter(entry) : templateOf(entry, encodeName),
  );
  if (contributions.length === 0) return () => none;
  return (scope) => {
    const pairs: Pair[] = [];
    for (const contribute of contributions) contribute(scope, pairs);
    return pairs;
  };
}

function templateOf(
  entry: Extract<Entry, { kind: "template" }>,
  encodeName: (name: string) => string,
): Contribute {
  const name = encodeName(entry.name);
  if (isFixed(entry)) {
    const bare = entry.bare ? { bare: true as const } : {};
    const fixed = { name, value: entry.value.parts.join(""), ...bare };
    return (_, into) => {
      into.push(fixed);
    };
  }
  const evaluate = compileText(entry.value);
  return (scope, into) => {
    const value = evaluate(scope);
    if (value !== undefined) into.push({ name, value });
  };
}

function pairsOf(
  entry: ParameterEntry,
  encode: (text: string) => string,
  check: (pairs: readonly Pair[]) => readonly Pair[] = (pairs) => pairs,
): Contribute {
  const { name, parameter, style, explode } = entry;
  const key = encode(name);
  if (style === "flag") return flagOf(key, parameter);
  return (scope, into) => {
    const value = scope.parameters.get(parameter);
    if (value === undefined || value === null) return;
    try {
      if (isScalar(value)) into.push({ name: key, value: encode(toText(value)) });
      else into.push(...check(toPairs(name, value, style, explode, encode)));
    } catch (thrown) {
      throw named(parameter, thrown);
    }
  };
}

/** The first equals sign ends a cookie's name (RFC 6265, section 5.2): one in a map's key would be the end of it. */
function checkCookieNames(pairs: readonly Pair[]): readonly Pair[] {
  for (const { name } of pairs)
    if (name === "" || name.includes("="))
      throw new Refused("has a key that is empty or holds an equals sign, which the name of a cookie cannot");
  return pairs;
}

/** True is the name alone, anything else no entry. */
function flagOf(name: string, parameter: string): Contribute {
  const pair: Pair = { name, value: "", bare: true };
  return (scope, into) => {
    if (scope.parameters.get(parameter) === true) into.push(pair);
  };
}

function headerOf(entry: ParameterEntry): Contribute {
  const { parameter, style, explode } = entry;
  const name = entry.name.toLowerCase();
  return (scope, into) => {
    const value = scope.parameters.get(parameter);
    if (value === undefined || value === null || isEmpty(value)) return;
    try {
      into.push({ name, value: toStyledText(name, value, style, explode, encoders.header) });
    } catch (thrown) {
      throw named(parameter, thrown);
    }
  };
}

/** A refusal says which parameter it is about. */
function named(parameter: string, thrown: unknown): unknown {
  return thrown instanceof Refused
    ? valueError({ kind: "parameter", name: parameter }, thrown.message)
    : thrown;
}
