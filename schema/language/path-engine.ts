/**
 * The one door to the JSONPath engines, for paths that are not plain (`jsonpath.ts`). Both sides use it: the
 * compiler proves a path, the runtime prepares and runs it. The engines load when the first such path is met.
 *
 * A path means what RFC 9535 says. In the mode `plus`, what the RFC refuses goes to jsonpath-plus, for its own
 * extensions (`^` parent, `~` property name); that engine never evaluates code.
 */
import type { JSONPathEnvironment, JSONPathQuery } from "json-p3";
import type { JsonPath } from "./jsonpath.ts";
import { parsePlainPath, selectPlain } from "./jsonpath.ts";
import type { PatternMode, PatternTest } from "./pattern-engine.ts";

/** What a descriptor's `jsonpath` key chooses. */
export type PathMode = "rfc9535" | "plus";

/** A proved path, or what is wrong with its text and where (an offset in UTF-16 units). */
export type PathProof = { readonly path: JsonPath } | { readonly problem: Problem };

interface Problem {
  readonly message: string;
  readonly offset: number;
}

/** Every value that the path selects, in document order. Throws `PathLimitError`. */
export type PathRun = (root: unknown) => unknown[];

/** A run that met a bound: too many results, too many visits, too deep. */
export class PathLimitError extends Error {
  override readonly name = "PathLimitError";
}

/** The bounds of one run; plain paths need none, they cannot multiply what they read. */
const maxResults = 100_000;
const maxVisits = 5_000_000;
const maxDepth = 128;

/** Judges the text of a path and gives it in the form that the IR carries. */
export async function provePath(text: string, mode: PathMode): Promise<PathProof> {
  const steps = parsePlainPath(text);
  if (steps) return { path: { kind: "plain", text, steps } };
  const refused = await refusedByRfc(text);
  if (!refused) return { path: { kind: "rfc9535", text } };
  if (mode === "rfc9535") return { problem: refused };
  const problem = refusedByPlus(text);
  return problem ? { problem } : { path: { kind: "plus", text } };
}

/** Makes a path ready to run; the result keeps the parsed form. Throws on a text that was never proved. */
export async function preparePath(path: JsonPath): Promise<PathRun> {
  switch (path.kind) {
    case "plain":
      return (root) => selectPlain(root, path.steps);
    case "rfc9535":
      return prepareRfc(path.text);
    case "plus":
      return preparePlus(path.text);
  }
}

// --- RFC 9535: json-p3 ---------------------------------------------------------------------------------

async function refusedByRfc(text: string): Promise<Problem | undefined> {
  if (text[0] !== "$") return { message: "a JSONPath begins with $", offset: 0 };
  const { JSONPathEnvironment } = await import("json-p3");
  try {
    new JSONPathEnvironment().compile(text);
    return dashedName(text);
  } catch (error) {
    return { message: describe(error), offset: offsetOf(error, text) };
  }
}

/** `$.next-cursor`: the engine takes it, RFC 9535 (section 2.5.1.1) does not: a dash is no part of a shorthand name. */
function dashedName(text: string): Problem | undefined {
  const bare = text.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, (quoted) => "_".repeat(quoted.length));
  const found = /\.[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*(?:-[\w\u0080-\uffff]*)+/.exec(bare);
  if (!found) return undefined;
  const name = found[0].slice(1);
  return { message: `a name with a dash must be quoted: ['${name}']`, offset: found.index + 1 };
}

async function prepareRfc(text: string): Promise<PathRun> {
  const [engine, { compileIRegexp }] = await Promise.all([import("json-p3"), import("./pattern-engine.ts")]);
  const environment = new engine.JSONPathEnvironment({ maxRecursionDepth: maxDepth });
  const query = environment.compile(text);
  const budget = meterQuery(environment, query);
  // The engine's own two run on the host's backtracking RegExp.
  replaceFunction(environment.functionRegister, "match", patternFunction(compileIRegexp, "whole"));
  replaceFunction(environment.functionRegister, "search", patternFunction(compileIRegexp, "search"));
  return (root) => {
    budget.left = maxVisits;
    return bounded(
      () => {
        const found: unknown[] = [];
        // The lazy walk keeps no intermediate lists.
        for (const node of query.lazyQuery(root as never)) collect(found, node.value);
        return found;
      },
      (error) => error instanceof engine.JSONPathRecursionLimitError,
    );
  };
}

/** How many children a run may still look at. */
interface Budget {
  left: number;
}

function spend(budget: Budget, count: number): void {
  budget.left -= count;
  if (budget.left < 0) throw new PathLimitError(`the path looks at more than ${maxVisits} values`);
}

/**
 * A query inside a filter runs once for each candidate, and `..` under `..` meets values again: both can visit
 * far more than the document holds. The engine counts neither, so its compiled parts are made to.
 */
function meterQuery(environment: JSONPathEnvironment, query: JSONPathQuery): Budget {
  const budget: Budget = { left: maxVisits };
  // Read once for each value that `..` meets.
  Object.defineProperty(environment, "maxRecursionDepth", {
    get() {
      spend(budget, 1);
      return maxDepth;
    },
  });
  environment.entries = (object) => {
    const entries = Object.entries(object);
    spend(budget, entries.length);
    return entries;
  };
  meterSelectors(query.segments, budget);
  return budget;
}

function meterSelectors(part: unknown, budget: Budget): void {
  if (typeof part !== "object" || part === null) return;
  if ("resolve" in part && "token" in part && !("selectors" in part))
    meterSelector(part as MeteredSelector, budget);
  for (const [key, inner] of Object.entries(part)) {
    if (key !== "environment" && key !== "token") meterSelectors(inner, budget);
  }
}

/** A selector of the engine: a class of its own for names, indexes, slices, wildcards and filters. */
interface MeteredSelector {
  resolve(node: { readonly value: unknown }): unknown;
}

function meterSelector(selector: MeteredSelector, budget: Budget): void {
  const resolve = selector.resolve.bind(selector);
  const isSingular = "name" in selector || "index" in selector;
  selector.resolve = (node) => {
    spend(budget, !isSingular && Array.isArray(node.value) ? node.value.length : 1);
    return resolve(node);
  };
}

type CompileIRegexp = (pattern: string, mode: PatternMode) => PatternTest | undefined;
type CallFunction = (value: unknown, pattern: unknown) => boolean;

/** RFC 9535, sections 2.4.6 and 2.4.7: false unless both are strings and the second is an I-Regexp. */
function patternFunction(compile: CompileIRegexp, mode: PatternMode): CallFunction {
  let last: { readonly pattern: string; readonly test: PatternTest | undefined } | undefined;
  return (value, pattern) => {
    if (typeof value !== "string" || typeof pattern !== "string") return false;
    if (last?.pattern !== pattern) last = { pattern, test: compile(pattern, mode) };
    return last.test?.(value) ?? false;
  };
}

function replaceFunction<T extends { call(...args: unknown[]): unknown }>(
  register: Map<string, T>,
  name: string,
  call: CallFunction,
): void {
  const original = register.get(name);
  if (!original) throw new Error(`the JSONPath engine has no function ${name}()`);
  // The types of the arguments stay the engine's own.
  register.set(name, Object.assign(Object.create(original), { call }));
}

// --- jsonpath-plus -------------------------------------------------------------------------------------

const plusName = "[\\p{L}_][\\p{L}\\p{N}_$-]*";
const plusSelector = `(?:\\*|'[^']*'|"[^"]*"|-?\\d*:-?\\d*(?::\\d+)?|-?\\d+|${plusName})`;
const plusType = "@(?:null|boolean|number|string|integer|scalar|array|object)\\(\\)";
let plusPatterns: { readonly start: RegExp; readonly segment: RegExp } | undefined;

/** Made when first asked for: few descriptors name that engine, and patterns of whole scripts are slow to make. */
function plusSyntax(): { readonly start: RegExp; readonly segment: RegExp } {
  plusPatterns ??= {
    start: new RegExp(`\\$|${plusName}`, "uy"),
    segment: new RegExp(
      `\\.\\.?(?:\\*|${plusName})|\\.\\.(?=\\[)|\\[${plusSelector}(?:,${plusSelector})*\\]|\\^|~|${plusType}`,
      "uy",
    ),
  };
  return plusPatterns;
}

/** That engine takes any text and finds nothing in most, so the syntax it is trusted with is held here. */
function refusedByPlus(text: string): Problem | undefined {
  const { start, segment } = plusSyntax();
  let at = matchEnd(start, text, 0);
  for (let end = at; end !== undefined; end = matchEnd(segment, text, end)) at = end;
  if (at === text.length) return undefined;
  const offset = at ?? 0;
  return /^\[?\??\s*\(/.test(text.slice(offset))
    ? {
        message: "an expression would run as code here, which is never done; write a filter of RFC 9535",
        offset,
      }
    : { message: "neither RFC 9535 nor jsonpath-plus has this syntax", offset };
}

function matchEnd(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

async function preparePlus(text: string): Promise<PathRun> {
  if (refusedByPlus(text)) throw new Error("this path was never proved");
  const { JSONPath } = await import("jsonpath-plus");
  return (root) => {
    const found: unknown[] = [];
    if (typeof root !== "object" || root === null) return found;
    let hits = 0;
    const callback = (): void => {
      if (++hits > maxResults) throw tooMany();
    };
    const run = (): unknown =>
      // Never without `eval: false`: its default runs code from the path.
      JSONPath({ path: text, json: root, eval: false, wrap: true, resultType: "value", callback });
    const selected = bounded(run, (error) => error instanceof RangeError);
    if (Array.isArray(selected)) for (const value of selected) collect(found, value);
    return found;
  };
}

// --- bounds and messages -------------------------------------------------------------------------------

function collect(found: unknown[], value: unknown): void {
  if (found.length >= maxResults) throw tooMany();
  found.push(value);
}

function tooMany(): PathLimitError {
  return new PathLimitError(`the path selects more than ${maxResults} values`);
}

function bounded<T>(run: () => T, isTooDeep: (error: unknown) => boolean): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof RangeError || isTooDeep(error)) {
      throw new PathLimitError(`the value is nested too deep for this path (more than ${maxDepth} levels)`);
    }
    throw error;
  }
}

/** The engine's own sentence, without the excerpt of the path that it ends in. */
function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message.startsWith("can't backup")) return "the path ends too early";
  return message.replace(/ \('[^']*(?:'[^']*)*':\d+\)$/, "");
}

function offsetOf(error: unknown, text: string): number {
  const token: unknown =
    typeof error === "object" && error !== null && "token" in error ? error.token : undefined;
  const index = typeof token === "object" && token !== null && "index" in token ? token.index : undefined;
  return typeof index === "number" ? Math.min(Math.max(index, 0), text.length) : 0;
}
