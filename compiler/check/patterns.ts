/** What is wrong with a regular expression, if anything: invalid at all, or beyond an engine that runs in linear time. */
export function patternProblem(
  pattern: string,
): { readonly kind: "invalid" | "unsupported"; readonly message: string } | undefined {
  try {
    new RegExp(pattern, "u");
  } catch (error) {
    // Without the u flag more is allowed, such as an escaped dash.
    if (!isLegacy(pattern))
      return {
        kind: "invalid",
        message:
          error instanceof Error
            ? error.message.replace(/^Invalid regular expression: /, "")
            : "it cannot be read",
      };
  }
  const bare = pattern.replace(/\\\\/g, "");
  if (/\(\?<?[=!]/.test(bare)) return { kind: "unsupported", message: "it looks ahead or behind" };
  if (/\\[1-9]|\\k</.test(bare)) return { kind: "unsupported", message: "it refers back to a group" };
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
