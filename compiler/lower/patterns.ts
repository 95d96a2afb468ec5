import type { Cursor } from "./cursor.ts";
import { eachEntry, embeddedSchemas } from "./schemas.ts";

/** A regular expression that the descriptor holds, and where. */
export interface WrittenPattern {
  readonly pattern: string;
  readonly path: Cursor["path"];
  readonly at: "key" | "value";
}

/** Every pattern of a descriptor, and what keeps the engine of the runtime from running one. */
export interface Patterns {
  /** Of settings and credential fields. */
  readonly fields: readonly WrittenPattern[];
  /** Of schemas and of conditions on answers. */
  readonly others: readonly WrittenPattern[];
  /** In one sentence without its full stop; undefined where nothing is wrong. */
  readonly problem: (pattern: string) => string | undefined;
}

export const noPatterns: Patterns = { fields: [], others: [], problem: () => undefined };

/** Finds the patterns, and loads the engine where one of them is not so plain that the answer is known. */
export async function loadPatterns(root: Cursor): Promise<Patterns> {
  const fields = fieldPatterns(root);
  const others = [...embeddedSchemas(root).flatMap(schemaPatterns), ...matcherPatterns(root)];
  const odd = new Set([...fields, ...others].map(({ pattern }) => pattern).filter((one) => !isPlain(one)));
  if (odd.size === 0) return { fields, others, problem: () => undefined };
  const { compilePattern } = await import("../../schema/language/pattern-engine.ts");
  const problems = new Map<string, string>();
  let left = mostStates;
  for (const pattern of odd) {
    const size = statesOf(pattern);
    // What repeats too often is refused before anything is built of it.
    if (size > left && !repeatsTooOften(pattern)) continue;
    if (size <= left) left -= size;
    const compiled = compilePattern(pattern, "search");
    if ("problem" in compiled) problems.set(pattern, compiled.problem);
  }
  return { fields, others, problem: (pattern) => problems.get(pattern) };
}

/**
 * True where the linear-time engine is known to run a pattern that JavaScript reads: no group but plain ones, no class
 * or escape beyond the common, no repetition over the engine's bound of 1000.
 */
export function isPlain(pattern: string): boolean {
  if (pattern.length > 1000 || !plain.test(pattern)) return false;
  const counts = [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)];
  return (
    counts.reduce((product, [, from, to]) => product * Math.max(Number(from), Number(to ?? 0), 1), 1) <= 1000
  );
}

const plain =
  /^(?:[^\\[\](){}]|\\[dDwWsSbBtnrfv./\-+*?()[\]{}|^$]|\[\^?(?:[^\\[\]^-]|-(?!\\)|\\[dDwWsStnrfv./\-+*?()[\]{}|^$])+\]|\((?:\?:|(?!\?))|\)|\{\d{1,4}(?:,\d{0,4})?\})*$/;

/** States of automata that one descriptor may cost: what no author writes by hand is believed (some 200 ms). */
const mostStates = 20_000;

/** About the states of the automaton: each character once, or as often as the repetitions allow. */
function statesOf(pattern: string): number {
  const counts = [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)];
  return counts.reduce((sum, [, from, to]) => sum + Math.max(Number(from), Number(to ?? 0)), pattern.length);
}

function repeatsTooOften(pattern: string): boolean {
  const counts = [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)];
  return counts.some(([, from, to]) => Math.max(Number(from), Number(to ?? 0)) > 1000);
}

function fieldPatterns(root: Cursor): WrittenPattern[] {
  const profiles = root.at("authentication").items();
  const fields = [
    ...root.at("connection_config").items(),
    ...profiles.flatMap((profile) => profile.at("fields").items()),
  ];
  return fields.flatMap((field) => patternAt(field.at("pattern")));
}

function patternAt(at: Cursor): WrittenPattern[] {
  const pattern = at.string();
  return pattern === undefined ? [] : [{ pattern, path: at.path, at: "value" }];
}

/** Keywords whose values are data, not schemas. */
const data: ReadonlySet<string> = new Set(["enum", "const", "default", "example", "examples"]);

function schemaPatterns(at: Cursor): WrittenPattern[] {
  const found: WrittenPattern[] = [];
  eachEntry(at, (key, _, place) => {
    if (key === "pattern") found.push(...patternAt(place()));
    if (key === "patternProperties")
      for (const [pattern, { path }] of place().entries()) found.push({ pattern, path, at: "key" });
    return !data.has(key);
  });
  return found;
}

function matcherPatterns(root: Cursor): WrittenPattern[] {
  const lists = [root.at("defaults"), ...root.at("operations").items()].flatMap((at) => [
    at.at("errors"),
    at.at("pagination").at("stop_when"),
  ]);
  const profiles = root.at("authentication").items();
  return [...lists, ...profiles.map((at) => at.at("expired_when"))]
    .flatMap((list) => list.itemsOrSelf())
    .flatMap((item) => (item.has("when") ? item.at("when").itemsOrSelf() : [item]))
    .flatMap((one) => ["header", "json"].flatMap((key) => patternAt(one.at(key).at("matches"))));
}
