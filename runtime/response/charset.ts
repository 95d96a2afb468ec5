/** From bytes to text: strict, one byte order mark stripped, never a replacement character in silence. */
import { invalidResponse } from "./invalid.ts";

type Decoder = InstanceType<typeof TextDecoder>;

const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

/** The chunks as one array; a single chunk is given as it is. */
export function joinChunks(chunks: readonly Uint8Array[]): Uint8Array {
  const [first] = chunks;
  if (chunks.length === 1 && first) return first;
  const joined = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

/** Decodes UTF-8 (RFC 8259, section 8.1, for JSON); throws `response_invalid` with the offset of the bad byte. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    const offset = firstBadByte(bytes);
    throw invalidResponse(`The answer is not valid UTF-8 at byte ${offset}.`, { offset });
  }
}

/** Decodes by the charset that the content type names where it is a known one, else as UTF-8. */
export function decodeText(bytes: Uint8Array, contentType: string | undefined): string {
  const decoder = decoderOf(charsetOf(contentType));
  if (!decoder) return decodeUtf8(bytes);
  try {
    return decoder.decode(bytes);
  } catch {
    throw invalidResponse(`The answer is not valid ${decoder.encoding}, the charset that it claims.`, {
      charset: decoder.encoding,
    });
  }
}

/** Decodes a text that comes in pieces, strictly: `decode` throws at the first bad byte; undefined says that it is whole. */
export function textDecoder(contentType: string | undefined): {
  readonly encoding: string;
  decode(chunk: Uint8Array | undefined): string;
} {
  const decoder = decoderOf(charsetOf(contentType)) ?? new TextDecoder("utf-8", { fatal: true });
  return {
    encoding: decoder.encoding,
    decode: (chunk) => (chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()),
  };
}

/** The `charset` parameter of a content type, in lower case. */
export function charsetOf(contentType: string | undefined): string | undefined {
  return /;\s*charset\s*=\s*"?([^";,\s]+)/i.exec(contentType ?? "")?.[1]?.toLowerCase();
}

function decoderOf(charset: string | undefined): Decoder | undefined {
  if (charset === undefined || charset === "utf-8" || charset === "utf8") return undefined;
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch {
    return undefined;
  }
}

/** The error path: by blocks, then byte by byte inside the block that fails. */
function firstBadByte(bytes: Uint8Array): number {
  const block = 4096;
  let decoder = new TextDecoder("utf-8", { fatal: true });
  let start = 0;
  for (; start < bytes.length; start += block) {
    if (!accepts(decoder, bytes.subarray(start, start + block))) break;
  }
  // A character may have begun up to three bytes before the block.
  start = Math.max(0, start - 3);
  while (start > 0 && isContinuation(bytes[start])) start--;
  decoder = new TextDecoder("utf-8", { fatal: true });
  for (let at = start; at < bytes.length; at++) {
    if (!accepts(decoder, bytes.subarray(at, at + 1))) return at;
  }
  return bytes.length;
}

function accepts(decoder: Decoder, bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
