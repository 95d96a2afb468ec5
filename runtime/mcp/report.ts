import type { ToolText } from "../../schema/mcp/tool.ts";

/** What tools take of a context before anything was called. */
export interface ToolReport {
  readonly tools: readonly { readonly name: string; readonly bytes: number; readonly tokens: number }[];
  readonly bytes: number;
  /** Estimated: JSON of this kind has about four bytes a token. */
  readonly tokens: number;
}

const bytesPerToken = 4;

/** Sizes of what `tools/list` answers, tool by tool. */
export function reportTools(texts: Iterable<ToolText>): ToolReport {
  const tools = [...texts].map((text) => {
    const bytes = Buffer.byteLength(JSON.stringify(text));
    return { name: text.name, bytes, tokens: Math.ceil(bytes / bytesPerToken) };
  });
  const bytes = tools.reduce((sum, tool) => sum + tool.bytes, 0);
  return { tools, bytes, tokens: Math.ceil(bytes / bytesPerToken) };
}
