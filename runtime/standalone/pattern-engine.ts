/** Patterns of settings and credentials, which whoever connects gives; stands in for the linear-time engine in a standalone client. */
export function compilePattern(
  pattern: string,
  mode: "search" | "whole",
): { readonly test: (text: string) => boolean } | { readonly problem: string } {
  try {
    const compiled = new RegExp(mode === "whole" ? `^(?:${pattern})$` : pattern, "u");
    return { test: (text) => compiled.test(text) };
  } catch {
    return { problem: "the pattern cannot be run" };
  }
}
