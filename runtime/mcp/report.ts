import type { ListedTool } from "../../schema/mcp/listing.ts";

/** What tools take of a context before anything was called. */
export interface ToolReport {
  readonly tools: readonly { readonly name: string; readonly bytes: number; readonly tokens: number }[];
  /** Of the instructions that go with them. */
  readonly instructionBytes: number;
  /** In all. */
  readonly bytes: number;
  /** Estimated: JSON of this kind has about four bytes a token. */
  readonly tokens: number;
}

const bytesPerToken = 4;

/** Sizes of what `tools/list` answers, tool by tool, and of the instructions beside it. */
export function reportTools(texts: Iterable<ListedTool>, instructions?: string): ToolReport {
  const tools = [...texts].map((text) => {
    const bytes = Buffer.byteLength(JSON.stringify(text));
    return { name: text.name, bytes, tokens: Math.ceil(bytes / bytesPerToken) };
  });
  const instructionBytes = instructions === undefined ? 0 : Buffer.byteLength(JSON.stringify(instructions));
  const bytes = tools.reduce((sum, tool) => sum + tool.bytes, instructionBytes);
  return { tools, instructionBytes, bytes, tokens: Math.ceil(bytes / bytesPerToken) };
}
