/** From bytes to text, strictly; stands in for `response/charset.ts`, without the place of a mistake. */
import { failure } from "./errors.ts";

export function joinChunks(chunks: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

/** The `charset` parameter of a content type, in lower case. */
export function charsetOf(type: string | undefined): string | undefined {
  return /;\s*charset\s*=\s*"?([^";,\s]+)/i.exec(type ?? "")?.[1]?.toLowerCase();
}

/** By the charset that the content type names where it is a known one, else as UTF-8. Throws `response_invalid`. */
export function decodeText(bytes: Uint8Array, type?: string): string {
  const decoder = decoderOf(charsetOf(type) ?? "utf-8") ?? decoderOf("utf-8");
  try {
    return decoder?.decode(bytes) ?? "";
  } catch {
    throw failure("response_invalid", `The answer is not valid ${decoder?.encoding}.`);
  }
}

function decoderOf(charset: string): InstanceType<typeof TextDecoder> | undefined {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch {
    return undefined;
  }
}
