/** Text encodings of bytes; `Buffer` stays behind this door. */
export type ByteEncoding = "base64" | "base64url" | "hex";

export function encodeBytes(value: string | Uint8Array, encoding: ByteEncoding): string {
  return (
    typeof value === "string"
      ? Buffer.from(value, "utf8")
      : Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  ).toString(encoding);
}

export function decodeBase64url(text: string): Uint8Array {
  return Buffer.from(text, "base64url");
}

export function decodeBase64urlText(text: string): string {
  return Buffer.from(text, "base64url").toString("utf8");
}
