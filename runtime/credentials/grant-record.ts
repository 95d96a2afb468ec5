import type { Values } from "../request/scope.ts";
import { reveal, type Secret } from "../secrets/secret.ts";

/** What is kept of a person's consent, or of a refresh token that was given. Times are Unix milliseconds: records outlive processes. */
export interface GrantRecord {
  /** What the last token call gave, `access_token` among it. */
  readonly values: readonly (readonly [string, unknown])[];
  readonly refreshToken?: string;
  readonly obtainedAt: number;
  /** Undefined: until it is refused. */
  readonly lifeMs?: number;
  /** The origins that were approved, as texts in order. */
  readonly origins: readonly string[];
  /** Written before the refresh token is spent: whoever finds it does not know whether it was. */
  readonly intent?: { readonly at: number };
  /** Why nothing but a new consent helps. */
  readonly dead?: string;
  /** Where it was the client that was refused: a digest of it. Another client, or a corrected secret, may try again. */
  readonly deadClient?: string;
}

/** Why this client gets nothing more by this consent; undefined where it may try. */
export function deathOf(record: GrantRecord | undefined, client: string): string | undefined {
  const { dead, deadClient } = record ?? {};
  return deadClient === undefined || deadClient === client ? dead : undefined;
}

/** The record as it was before anybody spent its refresh token or failed to. */
export function revived({ intent: _, dead: __, deadClient: ___, ...rest }: GrantRecord): GrantRecord {
  return rest;
}

export function formatGrant(record: GrantRecord): string {
  return JSON.stringify({ ...record, v: 1 });
}

/** The record in a text that this program has sealed; undefined where it is of another version. */
export function parseGrant(text: string): GrantRecord | undefined {
  // It was sealed by this program: its shape is ours once it opens.
  const { v, ...record } = JSON.parse(text) as GrantRecord & { readonly v: number };
  return v === 1 ? record : undefined;
}

/** Of one token alone: the next one has its own, or none. */
const ofOneToken: ReadonlySet<string> = new Set(["access_token", "expires_in", "expires_at"]);

/**
 * What counts after a renewal. What the login gave besides the token (its scopes, an instance, what the redirect
 * brought) stays where the answer does not bring it anew (RFC 6749, section 6, for `scope`).
 */
export function renewedValues(
  before: GrantRecord["values"],
  now: GrantRecord["values"],
): GrantRecord["values"] {
  const kept = before.filter(([name]) => !ofOneToken.has(name));
  return [...new Map([...kept, ...now])];
}

/** Plain pairs of revealed values, as a record keeps them. */
export function plainValues(values: Values): (readonly [string, unknown])[] {
  return [...values].map(
    ([name, value]: readonly [string, unknown | Secret]) => [name, reveal(value)] as const,
  );
}
