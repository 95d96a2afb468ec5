/** The forms in which servers, proxies and debuggers repeat a secret: each as text, before escapes. */
import { encodeBytes } from "../crypto/encoding.ts";

/** All forms of one value; what is escaped besides (percent, JSON, HTML) is found by views of the text. */
export function formsOf(value: string): string[] {
  const bytes = new TextEncoder().encode(value);
  const wide = utf16(value);
  const percent = encodeURIComponent(value.toWellFormed());
  const base64 = [
    ...base64Forms(bytes),
    ...base64Forms(new TextEncoder().encode(encodeBytes(bytes, "base64"))),
    ...(percent === value ? [] : base64Forms(new TextEncoder().encode(percent))),
    ...base64Forms(wide),
  ];
  return [
    // Messages begin and end without blanks.
    value.trim(),
    value.toWellFormed().trim(),
    ...hexForms(bytes),
    ...base32Forms(bytes),
    ...base64,
    ...base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_")),
    bytes.join(","),
    bytes.join(", "),
    quotedPrintable(bytes),
    // What was UTF-16 and is read a byte at a time.
    latin1(wide),
    latin1(wide.subarray(1)),
    // Headers that are read as Latin-1.
    ...(bytes.length === value.length ? [] : [latin1(bytes).trim()]),
  ];
}

/** In one piece, and a byte at a time as dumps have it. */
function hexForms(bytes: Uint8Array): string[] {
  const hex = encodeBytes(bytes, "hex");
  const pairs = hex.match(/../g) ?? [];
  const lower = [hex, ...[":", " ", "-"].map((between) => pairs.join(between))];
  const literals = [", ", ","].map((between) => pairs.map((pair) => `0x${pair}`).join(between));
  return [...lower, ...lower.map((form) => form.toUpperCase()), ...literals];
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** RFC 4648, section 6, without its padding. */
function base32Forms(bytes: Uint8Array): string[] {
  let text = "";
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(held >> (bits - 5)) & 31];
  }
  if (bits > 0) text += alphabet[(held << (5 - bits)) & 31];
  return [text, text.toLowerCase()];
}

/** By itself, and what no other bytes change of it where it stands in a longer base64 text, after 0, 1 or 2 bytes of a group. */
function base64Forms(bytes: Uint8Array): string[] {
  const padded = encodeBytes(bytes, "base64");
  const within = [0, 1, 2].map((before) => {
    const shifted = new Uint8Array(before + bytes.length);
    shifted.set(bytes, before);
    const text = encodeBytes(shifted, "base64").replace(/=+$/, "");
    const open = shifted.length % 3 === 0 ? 0 : 1;
    return text.slice(before === 0 ? 0 : before + 1, text.length - open);
  });
  // A few characters occur by chance.
  return [padded, padded.replace(/=+$/, ""), ...within.filter((form) => form.length >= 6)];
}

/** RFC 2045, section 6.7. */
function quotedPrintable(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    byte > 126 || byte === 61 ? `=${byte.toString(16).toUpperCase()}` : String.fromCharCode(byte),
  ).join("");
}

function utf16(value: string): Uint8Array {
  const bytes = new Uint8Array(value.length * 2);
  for (let at = 0; at < value.length; at++) {
    bytes[2 * at] = value.charCodeAt(at) & 0xff;
    bytes[2 * at + 1] = value.charCodeAt(at) >> 8;
  }
  return bytes;
}

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}
