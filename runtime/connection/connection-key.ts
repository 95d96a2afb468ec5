import type { Connector } from "../../schema/ir.ts";
import type { Core } from "../core.ts";
import type { ProfileOptions } from "../credentials/profile-set.ts";
import type { Identity } from "../identity.ts";
import { reveal } from "../secrets/secret.ts";

/**
 * Names a connection: `identity.connection`, else a keyed hash of tenant, slug, profile, config and all credentials
 * as first given. Equal inputs share limits and caches over objects; different secrets never do. Credentials that a
 * function gives cannot be compared: without `identity.connection` such a connection stands for itself.
 */
export function connectionKey(
  core: Core,
  ir: Connector,
  identity: Identity,
  options: ProfileOptions,
  config: object,
): string {
  if (identity.connection !== undefined)
    return core.keyring.digest(["connection", identity.tenant, ir.slug, "named", identity.connection]);
  const given = [options.credentials, ...Object.entries(options.profiles ?? {})];
  const unknowable = [
    options.credentials,
    ...Object.values(options.profiles ?? {}).map((profile) => profile?.credentials),
  ].some((one) => typeof one === "function");
  const parts = unknowable
    ? ["unique", core.random.uuid()]
    : ["given", options.profile ?? "", canonical(config), canonical(given)];
  return core.keyring.digest(["connection", identity.tenant, ir.slug, ...parts]);
}

/** JSON with sorted keys, so that the order of writing does not matter. */
export function canonical(value: unknown): string {
  const plain = reveal(value);
  if (plain instanceof Uint8Array) return `bytes:${Array.from(plain).join()}`;
  if (Array.isArray(plain)) return `[${plain.map(canonical).join(",")}]`;
  if (typeof plain !== "object" || plain === null)
    return typeof plain === "bigint" ? `${plain}n` : (JSON.stringify(plain) ?? "undefined");
  const entries = Object.entries(plain).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
}
