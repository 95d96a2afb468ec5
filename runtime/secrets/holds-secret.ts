import { textsOf } from "./scrub.ts";
import { reveal, type Secret } from "./secret.ts";
import { formsOf } from "./secret-forms.ts";

const known: WeakMap<Secret, readonly string[]> = new WeakMap();

/**
 * True where a text, such as the JSON of an answer, holds one of the secrets whole: as it is or in one of the forms that the
 * scrubber knows, escaped once for percent, HTML or JSON, or not at all. It costs a hundredth of a scrubber, which looks
 * through all views of a text.
 */
export function holdsSecret(text: string, secrets: Iterable<Secret>): boolean {
  for (const secret of secrets) for (const form of needlesOf(secret)) if (text.includes(form)) return true;
  return false;
}

function needlesOf(secret: Secret): readonly string[] {
  const made =
    known.get(secret) ??
    [...new Set(textsOf(reveal(secret)).flatMap((text) => [...formsOf(text), ...escaped(text)]))].filter(
      (form) => form.length >= 4,
    );
  known.set(secret, made);
  return made;
}

function escaped(text: string): string[] {
  const percent = encodeURIComponent(text.toWellFormed());
  const form = new URLSearchParams([["", text]]).toString().slice(1);
  const html = text.replace(/[&<>"']/g, (char) => entities[char] ?? char);
  const lower = percent.replace(/%../g, (byte) => byte.toLowerCase());
  return [text, percent, lower, form, html].flatMap((one) => [one, JSON.stringify(one).slice(1, -1)]);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
