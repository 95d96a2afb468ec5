/** The secrets that a source was found to hold: whatever is written of it goes by here. */
import { issuedKey, looksRandom, shortestSecret } from "../../check/flow/literals.ts";
import { looksSecret } from "../secrets.ts";

/** What stands in a secret's place. */
export const redacted = "redacted";

/** Shorter ones are words of other texts as well. They are kept out of the places that are known to hold secrets. */
const shortest = 6;

/**
 * Knows secrets by their value, wherever they turn up again: a token of a header in a path, a password in a description.
 * Looking a text over takes time by its length, however many secrets there are.
 */
export class Vault {
  /** By their first characters. */
  readonly #known = new Map<string, Set<string>>();

  /**
   * A value found in a place for secrets. Words are too common to be looked for, unless the place is `sure` to hold nothing
   * else; then only single ones are.
   */
  add(value: string, sure = false): void {
    for (const secret of formsOf(value)) {
      if (
        secret.length < shortest ||
        (sure ? /^[A-Za-z]+$/ : /^[A-Za-z]+(?:[\s_.,/-]+[A-Za-z]+)*$/).test(secret)
      )
        continue;
      const head = secret.slice(0, shortest);
      const same = this.#known.get(head) ?? new Set();
      this.#known.set(head, same.add(secret));
    }
  }

  /** Whether a text is, holds or looks like a secret. */
  holds(text: string): boolean {
    return looksSecret(text) || this.#find(text, 0) !== undefined;
  }

  /** The text without its secrets. */
  redact(text: string): string {
    let out = "";
    let from = 0;
    for (let found = this.#find(text, 0); found; found = this.#find(text, from)) {
      out += text.slice(from, found.start) + redacted;
      from = found.end;
    }
    return withoutKeys(out + text.slice(from));
  }

  #find(text: string, from: number): { readonly start: number; readonly end: number } | undefined {
    if (this.#known.size === 0) return undefined;
    for (let start = from; start + shortest <= text.length; start++) {
      const same = this.#known.get(text.slice(start, start + shortest));
      if (!same) continue;
      let longest = 0;
      for (const secret of same)
        if (secret.length > longest && text.startsWith(secret, start)) longest = secret.length;
      if (longest > 0) return { start, end: start + longest };
    }
    return undefined;
  }
}

/** A secret as it may stand elsewhere: encoded for a URL, or decoded. */
function formsOf(value: string): ReadonlySet<string> {
  const text = value.trim();
  const forms = new Set([text]);
  try {
    forms.add(encodeURIComponent(text));
    forms.add(decodeURIComponent(text));
    forms.add(decodeURIComponent(text.replaceAll("+", " ")));
  } catch {
    // Not encoded, or not well-formed: as it stands.
  }
  return forms;
}

/** Issued keys and random words, known by their looks alone. */
function withoutKeys(text: string): string {
  if (text.length < shortestSecret || !looksSecret(text)) return text;
  let out = text;
  for (let found = issuedKey(out); found; found = issuedKey(out)) out = out.replace(found.text, redacted);
  return out.replace(/[A-Za-z0-9+/_=-]{15,}/g, (word) => (looksRandom(word) ? redacted : word));
}
