/** Text encodings of bytes where there is no `Buffer`; stands in for `crypto/encoding.ts` in a standalone client. */
export type ByteEncoding = "base64" | "base64url" | "hex";

const urlDigits: Readonly<Record<string, string>> = { "+": "-", "/": "_" };

export function encodeBytes(value: string | Uint8Array, encoding: ByteEncoding): string {
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  if (encoding === "hex") return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return encoding === "base64" ? base64 : base64.replace(/[+/=]/g, (digit) => urlDigits[digit] ?? "");
}

/** The bytes that a text stands for; undefined where it is not of that encoding. Base64 takes both alphabets, padded or not. */
export function decodeBytes(text: string, encoding: "base64" | "hex"): Uint8Array | undefined {
  const compact = text.replace(/\s+/g, "");
  if (encoding === "base64") return /^[\w+/-]*={0,2}$/.test(compact) ? decodeBase64url(compact) : undefined;
  if (!/^(?:[0-9a-f]{2})*$/i.test(compact)) return undefined;
  return Uint8Array.from(compact.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function decodeBase64url(text: string): Uint8Array {
  const digits = text.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
  // A digit that completes no byte says nothing.
  const binary = atob(digits.length % 4 === 1 ? digits.slice(0, -1) : digits);
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

export function decodeBase64urlText(text: string): string {
  return new TextDecoder().decode(decodeBase64url(text));
}
