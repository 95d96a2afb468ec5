/** Text encodings of bytes; `Buffer` stays behind this door. */
export type ByteEncoding = "base64" | "base64url" | "hex";

export function encodeBytes(value: string | Uint8Array, encoding: ByteEncoding): string {
  return (
    typeof value === "string"
      ? Buffer.from(value, "utf8")
      : Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  ).toString(encoding);
}

/** The bytes that a text stands for; undefined where it is not of that encoding. Base64 takes both alphabets, padded or not. */
export function decodeBytes(text: string, encoding: "base64" | "hex"): Uint8Array | undefined {
  const compact = text.replace(/\s+/g, "");
  const fits = encoding === "hex" ? /^(?:[0-9a-f]{2})*$/i.test(compact) : /^[\w+/-]*={0,2}$/.test(compact);
  return fits ? Buffer.from(compact, encoding) : undefined;
}

export function decodeBase64url(text: string): Uint8Array {
  return Buffer.from(text, "base64url");
}

export function decodeBase64urlText(text: string): string {
  return Buffer.from(text, "base64url").toString("utf8");
}
