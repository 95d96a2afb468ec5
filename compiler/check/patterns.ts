import type { Patterns } from "../lower/patterns.ts";

export interface PatternProblem {
  readonly kind: "invalid" | "unsupported";
  readonly message: string;
  readonly help: string;
}

/** What is wrong with a regular expression, if anything: invalid at all, or beyond an engine that runs in linear time. */
export function patternProblem(
  pattern: string,
  { problem }: Pick<Patterns, "problem">,
): PatternProblem | undefined {
  if (/^\/\^.*\$\/[a-z]*$/s.test(pattern))
    return {
      kind: "invalid",
      message: "the slashes around it are characters that the value must have",
      help: "Write the pattern without slashes and flags.",
    };
  const invalid = syntaxProblem(pattern);
  if (invalid !== undefined)
    return { kind: "invalid", message: invalid, help: "Write a regular expression of JavaScript." };
  const told = beyondEngine(pattern) ?? problem(pattern);
  if (told === undefined) return undefined;
  const message = told
    .replace(/^the pattern cannot be run: /, "")
    .replace(/^invalid character class range: /, "the engine does not know ");
  if (message.startsWith("invalid repeat count"))
    return {
      kind: "unsupported",
      message: "it repeats something more than 1000 times",
      help: "Repeat it 1000 times at most, nested repetitions multiplied; bound a longer text by its length alone.",
    };
  const help = /^it (?:looks|refers)/.test(message)
    ? "Write a pattern without look-around and back-references."
    : "Write it with what the engine knows: RE2's syntax.";
  return { kind: "unsupported", message, help };
}

function syntaxProblem(pattern: string): string | undefined {
  try {
    new RegExp(pattern, "u");
    return undefined;
  } catch (error) {
    // Without the u flag more is allowed, such as an escaped dash.
    if (isLegacy(pattern)) return undefined;
    return error instanceof Error
      ? error.message.replace(/^Invalid regular expression: /, "")
      : "it cannot be read";
  }
}

function beyondEngine(pattern: string): string | undefined {
  const bare = pattern.replace(/\\\\/g, "");
  if (/\(\?<?[=!]/.test(bare)) return "it looks ahead or behind";
  if (/\\[1-9]|\\k</.test(bare)) return "it refers back to a group";
  return undefined;
}

function isLegacy(pattern: string): boolean {
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
}
