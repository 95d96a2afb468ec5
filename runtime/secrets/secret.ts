/**
 * Secrets have a type of their own: they do not print, inspect or serialise. The only way to the value is
 * `reveal`, which is called where a request is encoded, a cache key is hashed or a store is sealed.
 */
/** What stands in place of a secret. */
export const mask = "[secret]";

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
