import type { Values } from "../request/scope.ts";
import { conceal, reveal, Secret } from "../secrets/secret.ts";

/** The credentials of one profile, as far as they are resolved. Immutable: a renewal makes a new object. */
export interface Credentials {
  /** What the user gave; secret ones wrapped. */
  readonly fields: Values;
  /** What chain steps and token calls gave, by `extractKey`; wrapped. */
  readonly extracts: Values;
  /** Names that `{oauth.x}` may use. */
  readonly oauth: Values;
  /** The token in use. */
  readonly token: unknown;
  /** From `renewAt` on a renewal runs behind; from `until` on these are not sent any more (clock.now() milliseconds). */
  readonly renewAt: number;
  readonly until: number;
}

const none: Values = new Map();

/** No credentials at all: profile `none`, and operations without one. */
export const noCredentials: Credentials = {
  fields: none,
  extracts: none,
  oauth: none,
  token: undefined,
  renewAt: Number.POSITIVE_INFINITY,
  until: Number.POSITIVE_INFINITY,
};

/** Extracts of different steps may have one name. */
export function extractKey(step: string, name: string): string {
  return `${step}\n${name}`;
}

/** What token answers say beside the token: no secret, and too common to be blotted out of messages. */
const publicNames: ReadonlySet<string> = new Set(["token_type", "scope", "expires_in", "expires_at"]);

/** An extracted value as credentials hold it. */
export function concealExtract(name: string, value: unknown): unknown {
  return publicNames.has(name) ? value : conceal(value);
}

/** Every value that flows from these credentials into a request. */
export function valuesOf(credentials: Credentials): unknown[] {
  const { fields, extracts, oauth, token } = credentials;
  return [...fields.values(), ...extracts.values(), ...oauth.values(), token].filter(
    (value) => value !== undefined && value !== null,
  );
}

/** What messages must not hold: secret values, and the pairs in which Basic authentication sends them. */
export function secretsOf(credentials: Credentials): readonly Secret[] {
  const known = knownSecrets.get(credentials) ?? collectSecrets(credentials);
  knownSecrets.set(credentials, known);
  return known;
}

/** What is made of a secret to find it in texts is kept with it. */
const knownSecrets: WeakMap<Credentials, readonly Secret[]> = new WeakMap();

function collectSecrets(credentials: Credentials): Secret[] {
  const secrets = valuesOf(credentials).filter((value) => value instanceof Secret);
  const fields = [...credentials.fields.values()];
  const pairs = fields.flatMap((user) =>
    fields
      .filter((password) => password instanceof Secret)
      .map((password) => new Secret(`${reveal(user)}:${reveal(password)}`)),
  );
  return [...secrets, ...pairs];
}
