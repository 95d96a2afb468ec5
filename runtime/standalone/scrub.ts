/**
 * Takes secrets out of texts by their usual forms. Pieces of a secret and
 * encodings of encodings are not looked for.
 */

import { encodeBytes } from "../crypto/encoding.ts";
import { isObject } from "./is-object.ts";

const mask = "[secret]";

const shortestScrubbed = 4;

/** Makes what takes these secrets out of a text, or out of all texts in plain data. */
export function createScrubber(secrets: Iterable<unknown>): (value: unknown) => unknown {
  // The longest first: one form may hold another.
  const forms = [...secrets]
    .flatMap(textsOf)
    .flatMap(formsOf)
    .sort((a, b) => b.length - a.length);
  const clean = (value: unknown): unknown => {
    if (typeof value === "string") return forms.reduce((text, form) => text.replaceAll(form, mask), value);
    if (Array.isArray(value)) return value.map(clean);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, clean(item)]));
  };
  return clean;
}

/** A JSON credential holds several strings, each of which is one. */
function textsOf(value: unknown): string[] {
  if (isObject(value)) return Object.values(value).flatMap(textsOf);
  const text = typeof value === "boolean" ? "" : String(value ?? "");
  return text.length < shortestScrubbed ? [] : [text];
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
