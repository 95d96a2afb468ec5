import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/server";
import { decodeBytes } from "../crypto/encoding.ts";
import { shownBytes } from "./bytes-result.ts";
import { fitInto, jsonBytes } from "./fit.ts";
import type { LinkedBytes } from "./links.ts";
import { structuredResult } from "./tool-result.ts";

type Block = Readonly<Record<string, unknown>>;

/** What a tool of another MCP server answered in several blocks, or in one that is no text; undefined for anything else. */
export function contentBlocks(data: unknown): readonly Block[] | undefined {
  if (typeof data !== "object" || data === null || !("content" in data) || Object.keys(data).length !== 1)
    return undefined;
  const { content } = data;
  return Array.isArray(content) && content.every(isBlock) ? content : undefined;
}

/**
 * The same blocks for our client. Pictures and sound go along where they fit into what is left of `most` bytes; bytes that do
 * not are a link of ours (`keep`), since the other server's links lead nowhere from here.
 */
export function mixedResult(
  blocks: readonly Block[],
  most: number,
  keep: (content: Omit<LinkedBytes, "uri">) => LinkedBytes,
): CallToolResult {
  let left = most;
  const shown: ContentBlock[] = [];
  const told = blocks.map((block, index) => {
    const found = bytesOf(block);
    if (!found) return block;
    const link = keep({ name: `part ${index + 1}`, ...found });
    const made = shownBytes(link, left);
    left -= Math.min(left, jsonBytes(made));
    shown.push(made);
    return { type: block.type, resource: link.uri, media_type: link.mimeType, bytes: link.bytes.length };
  });
  const { value, cut } = fitInto({ content: told }, left);
  const note = cut.length === 0 ? {} : { _note: `The answer is too long: cut at ${cut.join(", ")}.` };
  return structuredResult({ ...(value as Block | null), ...note }, shown);
}

function bytesOf({ type, data, mimeType, resource }: Block): Omit<LinkedBytes, "uri" | "name"> | undefined {
  if (type === "image" || type === "audio") return decoded(data, mimeType);
  return type === "resource" && isMap(resource) ? decoded(resource.blob, resource.mimeType) : undefined;
}

function decoded(text: unknown, mimeType: unknown): Omit<LinkedBytes, "uri" | "name"> | undefined {
  const bytes = typeof text === "string" ? decodeBytes(text, "base64") : undefined;
  const isType = typeof mimeType === "string" && /^[\w.+-]{1,64}\/[\w.+-]{1,64}$/.test(mimeType);
  return bytes && { bytes, mimeType: isType ? mimeType : "application/octet-stream" };
}

function isBlock(value: unknown): value is Block {
  return isMap(value) && typeof value.type === "string";
}

function isMap(value: unknown): value is Block {
  return typeof value === "object" && value !== null;
}
