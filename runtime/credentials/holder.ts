import type { Profile } from "../../schema/ir.ts";
import type { Awaitable } from "../ports.ts";
import type { Values } from "../request/scope.ts";
import { type Credentials, noCredentials } from "./credentials.ts";
import type { FieldSource } from "./field-source.ts";

/** Holds the credentials of one profile of one connection and renews them. */
export interface CredentialHolder {
  /** What to send; at once where it is at hand. */
  current(): Awaitable<Credentials>;
  /** What is at hand now, for scrubbing messages. */
  peek(): Credentials | undefined;
  /** New credentials after the server refused these; undefined where there is nothing to renew. */
  renew(refused: Credentials): Promise<Credentials | undefined>;
  /** Renewed once and refused again: what is asked for next time comes from the host anew. */
  rejected(refused: Credentials): void;
  /** Forgets what is at hand: the store holds something else now. */
  reset?(): void;
}

/** For exchanges without credentials, and for those whose credentials are settled. */
export function fixedHolder(credentials: Credentials = noCredentials): CredentialHolder {
  return {
    current: () => credentials,
    peek: () => credentials,
    renew: () => Promise.resolve(undefined),
    rejected: () => {},
  };
}

/** Credentials that are sent as the user gave them. */
export function fieldHolder(profile: Profile, source: FieldSource): CredentialHolder {
  let current: Credentials | undefined;
  const adopt = (fields: Values): Credentials => {
    if (current?.fields !== fields)
      current = { ...noCredentials, fields, token: givenToken(profile, fields) };
    return current;
  };
  return {
    current: () => {
      const fields = source.current();
      return fields instanceof Promise ? fields.then(adopt) : adopt(fields);
    },
    peek: () => current,
    renew: async (refused) => {
      const fields = await source.replace(refused.fields);
      return fields ? adopt(fields) : undefined;
    },
    rejected: () => {},
  };
}

/** The token among given fields: `access_token` where the profile takes one, `token` for bearer. */
export function givenToken(profile: Profile, fields: Values): unknown {
  return fields.get("access_token") ?? (profile.type === "bearer" ? fields.get("token") : undefined);
}
