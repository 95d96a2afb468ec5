import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/server";
import type { ToolFailure } from "./tool-error.ts";

/** An answer as structure, and the same as text for clients that read only that. */
export function structuredResult(
  structured: Readonly<Record<string, unknown>>,
  more: readonly ContentBlock[] = [],
): CallToolResult {
  return {
    content: [{ type: "text", text: JSON.stringify(structured) }, ...more],
    structuredContent: structured,
  };
}

export function failedResult(error: ToolFailure): CallToolResult {
  return { ...structuredResult({ error }), isError: true };
}
