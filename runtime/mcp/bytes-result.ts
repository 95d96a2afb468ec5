import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/server";
import { encodeBytes } from "../crypto/encoding.ts";
import type { LinkedBytes } from "./links.ts";
import { structuredResult } from "./tool-result.ts";

/**
 * An answer of bytes. Pictures and sound go along where they fit into `most` bytes, as what a model can see and hear, and so
 * does text; anything else is a link, which the client reads when it wants to.
 */
export function bytesResult(link: LinkedBytes, most: number): CallToolResult {
  const { uri, mimeType, bytes } = link;
  const told = { resource: uri, media_type: mimeType, bytes: bytes.length };
  return structuredResult(told, [shownBytes(link, most)]);
}

/** Bytes as a block: themselves where a model sees or hears them and they fit, else their link. */
export function shownBytes({ uri, name, mimeType, bytes }: LinkedBytes, most: number): ContentBlock {
  const [kind] = mimeType.split("/");
  // Base64 takes four characters for three bytes.
  const fits = bytes.length * 4 <= most * 3;
  if (fits && (kind === "image" || kind === "audio"))
    return { type: kind, data: encodeBytes(bytes, "base64"), mimeType };
  if (kind === "text" && bytes.length <= most)
    return { type: "resource", resource: { uri, mimeType, text: new TextDecoder().decode(bytes) } };
  return { type: "resource_link", uri, name, mimeType, size: bytes.length };
}
