/**
 * The one door to the linear-time regular expression engine. It knows no look-around and no back-references;
 * what it runs, it runs in time proportional to the text, so an author's pattern cannot stall a call.
 * Load it with `import()`: only connectors that use patterns need it.
 */
import { RE2JS } from "re2js";
import { translateIRegexp } from "./i-regexp.ts";

/** `search` finds a match anywhere, `whole` wants the whole text. */
export type PatternMode = "search" | "whole";

/** True where the text matches. */
export type PatternTest = (text: string) => boolean;

/** A compiled pattern, or in one sentence why it cannot be run. */
export type CompiledPattern = { readonly test: PatternTest } | { readonly problem: string };

const backReference = "the pattern uses a back-reference, which the linear-time engine cannot run";

/** Compiles a pattern in ECMAScript's notation as far as it is linear-time. */
export function compilePattern(pattern: string, mode: PatternMode): CompiledPattern {
  // The engine would take a named back-reference for plain letters.
  if (/(?:^|[^\\])(?:\\\\)*\\k</.test(pattern)) return { problem: backReference };
  try {
    return { test: tester(RE2JS.translateRegExp(shortenProperties(pattern)), mode) };
  } catch (error) {
    return { problem: describe(error, pattern) };
  }
}

/** Compiles an I-Regexp (RFC 9485); undefined where the text is none. */
export function compileIRegexp(pattern: string, mode: PatternMode): PatternTest | undefined {
  const translated = translateIRegexp(pattern);
  if (translated === undefined) return undefined;
  try {
    return tester(translated, mode);
  } catch {
    return undefined;
  }
}

const longNames: ReadonlyMap<string, string> = new Map([
  ["Letter", "L"],
  ["Uppercase_Letter", "Lu"],
  ["Lowercase_Letter", "Ll"],
  ["Mark", "M"],
  ["Number", "N"],
  ["Decimal_Number", "Nd"],
  ["digit", "Nd"],
  ["Punctuation", "P"],
  ["punct", "P"],
  ["Symbol", "S"],
  ["Separator", "Z"],
  ["Space_Separator", "Zs"],
  ["Other", "C"],
  ["Control", "Cc"],
]);

/** `\p{Letter}`, `\p{gc=L}`, `\p{Script=Greek}`: ECMAScript's long names, by those that the engine knows. */
function shortenProperties(pattern: string): string {
  return pattern.replace(
    /\\(?:([pP])\{(?:(?:Script|sc|General_Category|gc)=)?(\w+)\}|[\s\S])/g,
    (whole, kind, name) => (kind === undefined ? whole : `\\${kind}{${longNames.get(name) ?? name}}`),
  );
}

function tester(pattern: string, mode: PatternMode): PatternTest {
  const compiled = RE2JS.compile(pattern);
  return mode === "whole" ? (text) => compiled.testExact(text) : (text) => compiled.test(text);
}

function describe(error: unknown, pattern: string): string {
  if (/\(\?<?[=!]/.test(pattern))
    return "the pattern uses look-around, which the linear-time engine cannot run";
  if (/\\[1-9]/.test(pattern)) return backReference;
  const reason = error instanceof Error ? error.message : String(error);
  return `the pattern cannot be run: ${reason.replace(/^error parsing regexp: /, "")}`;
}
