/**
 * Secrets have a type of their own: they do not print, inspect or serialise. The only way to the value is
 * `reveal`, which is called where a request is encoded, a cache key is hashed or a store is sealed.
 */
const mask = "[secret]";

/** A credential value in memory. */
export class Secret {
  readonly #value: unknown;

  constructor(value: unknown) {
    this.#value = value;
  }

  /** The value itself. Callers put it on the wire, into a keyed hash or a sealed store, and nowhere else. */
  reveal(): unknown {
    return this.#value;
  }

  toString(): string {
    return mask;
  }

  toJSON(): string {
    return mask;
  }

  static {
    // What `util.inspect` and `console.log` show; named without an import of node:util.
    Object.defineProperty(Secret.prototype, Symbol.for("nodejs.util.inspect.custom"), { value: () => mask });
  }
}

/** The plain value behind a secret, or the value itself. */
export function reveal(value: unknown): unknown {
  return value instanceof Secret ? value.reveal() : value;
}

/** Wraps a value unless it is wrapped or absent. */
export function conceal(value: unknown): unknown {
  return value === undefined || value === null || value instanceof Secret ? value : new Secret(value);
}

/** Shorter values occur in ordinary prose; to replace them would garble messages and hide nothing. */
const shortestScrubbed = 4;

/**
 * Replaces the given secrets in a text, in the forms in which servers echo them: raw, base64, base64url,
 * percent-encoded, JSON-escaped and hex.
 */
export function scrub(text: string, secrets: Iterable<unknown>): string {
  let clean = text;
  for (const form of formsOf(secrets)) clean = clean.replaceAll(form, mask);
  return clean;
}

function formsOf(secrets: Iterable<unknown>): string[] {
  const forms = new Set<string>();
  for (const secret of secrets) for (const value of textsOf(reveal(secret))) addForms(value, forms);
  // The longest first: a short form may be part of a long one. Blanks alone have a form of nothing.
  return [...forms].filter((form) => form.length >= shortestScrubbed).sort((a, b) => b.length - a.length);
}

/** A JSON credential holds several strings, each of which is one. */
function textsOf(value: unknown): string[] {
  if (typeof value === "string") return value.length < shortestScrubbed ? [] : [value];
  if (typeof value === "number" || typeof value === "bigint") return textsOf(String(value));
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}

function addForms(value: string, forms: Set<string>): void {
  const bytes = new TextEncoder().encode(value);
  const base64 = btoa(String.fromCharCode(...bytes.subarray(0, 8192)));
  forms.add(value);
  // A server's message is shown on one line, so a key of many lines appears as this.
  forms.add(value.replace(/[\t\n\r ]+/g, " ").trim());
  forms.add(base64);
  forms.add(base64.replace(/=+$/, ""));
  forms.add(base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, ""));
  forms.add(JSON.stringify(value).slice(1, -1));
  forms.add(Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""));
  if (value.isWellFormed()) {
    forms.add(encodeURIComponent(value));
    forms.add(encodeURIComponent(value).replaceAll("%20", "+"));
  }
}
