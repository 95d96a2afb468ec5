import type { Profile } from "../../schema/ir.ts";
import { type ConnectionContext, scopeOf } from "../connection/connection-context.ts";
import { namedOrigins } from "../destinations.ts";
import type { StateKey } from "../ports.ts";
import type { Values } from "../request/scope.ts";
import { reveal } from "../secrets/secret.ts";
import { noCredentials } from "./credentials.ts";

/**
 * Where a consent is kept: by tenant, connector, profile, client and the identity that the connection states; a
 * refresh token that was given makes a record of its own, which follows it through its rotations.
 */
export function grantKey(
  { core, ir, identity }: ConnectionContext,
  profile: Profile,
  fields: Values,
): StateKey {
  const value = (key: string): string => {
    const plain = reveal(fields.get(key));
    return plain === undefined || plain === null ? "" : String(plain);
  };
  const id = core.keyring.digest([
    "grant",
    identity.tenant,
    ir.slug,
    profile.id,
    value("client_id"),
    value("consumer_key"),
    identity.connection ?? "",
    identity.account ?? "",
    identity.user ?? "",
    value("refresh_token"),
  ]);
  return { tenant: identity.tenant, kind: "secret", id };
}

/** What a client proves itself with: a refusal of it stands until one of these changes. */
export function clientDigest({ core }: ConnectionContext, profile: Profile, fields: Values): string {
  const own = profile.fields.filter(({ key }) => !tokens.has(key));
  const parts = own.flatMap(({ key }) => [key, JSON.stringify(reveal(fields.get(key))) ?? ""]);
  return core.keyring.digest(["client", ...parts]);
}

const tokens: ReadonlySet<string> = new Set(["access_token", "refresh_token", "expires_at"]);

/** The origins that a consent is for: those that the descriptor names, under the connection's settings. */
export function approvedOrigins(
  context: ConnectionContext,
  profile: Profile,
  fields: Values,
): readonly string[] {
  const hosts = profile.allowed_hosts.map((host) => `https://${host}`);
  const named = namedOrigins(profile.origins, scopeOf(context, { ...noCredentials, fields }));
  return [...new Set([...named, ...hosts])].sort();
}
