/**
 * Takes secrets out of texts by their usual forms. Pieces of a secret and
 * encodings of encodings are not looked for.
 */

import { encodeBytes } from "../crypto/encoding.ts";

const mask = "[secret]";

const shortestScrubbed = 4;

export interface Scrubber {
  text(text: string): string;
  data(value: unknown): unknown;
}

export function createScrubber(secrets: Iterable<unknown>): Scrubber {
  const forms = [...new Set([...secrets].flatMap((secret) => textsOf(secret)).flatMap(formsOf))];
  // The longest first: one form may hold another.
  forms.sort((a, b) => b.length - a.length);
  const text = (given: string): string => forms.reduce((clean, form) => clean.replaceAll(form, mask), given);
  const data = (value: unknown): unknown => {
    if (typeof value === "string") return text(value);
    if (Array.isArray(value)) return value.map(data);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, data(item)]));
  };
  return { text, data };
}

/** A JSON credential holds several strings, each of which is one. */
function textsOf(value: unknown): string[] {
  if (typeof value === "number" || typeof value === "bigint") return textsOf(String(value));
  if (typeof value === "string") return value.length < shortestScrubbed ? [] : [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

/** Raw, as in JSON, percent-encoded, form-encoded, base64 in both alphabets, hex in both cases. */
function formsOf(value: string): string[] {
  const percent = encodeURIComponent(value.toWellFormed());
  const base64 = encodeBytes(value, "base64").replace(/=+$/, "");
  const hex = encodeBytes(value, "hex");
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    percent,
    percent.replaceAll("%20", "+"),
    base64,
    encodeBytes(value, "base64url"),
    hex,
    hex.toUpperCase(),
  ];
}
