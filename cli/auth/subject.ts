import { resolve } from "node:path";
import type { Connector, Profile } from "../../schema/ir.ts";
import type { ConnectionFlags, ConnectionInput } from "../connection/connect-options.ts";
import { CommandFailure } from "../failure.ts";
import type { World } from "../world.ts";
import type { Subject } from "./approvals.ts";

/** Whose credentials of which profile an approval is about. */
export function subjectOf(
  ir: Connector,
  profile: string,
  { connect }: ConnectionInput,
  flags: ConnectionFlags,
  world: World,
): Subject {
  const { tenant, account, user, connection } = connect.identity;
  return {
    connector: ir.slug,
    profile,
    connection: flags.connection === undefined ? "" : resolve(world.cwd, flags.connection),
    identity: JSON.stringify({ tenant, account, user, connection }),
  };
}

/** The profiles that a connection may use. */
export function profilesInUse(ir: Connector, { connect }: ConnectionInput): readonly Profile[] {
  const given = connect.profile === undefined ? Object.keys(connect.profiles ?? {}) : [connect.profile];
  return ir.profiles.filter(({ id }) => given.includes(id));
}

/** The one profile that a login is for: the chosen one, else the only one that has a login, else the only one given. */
export function profileToSignIn(ir: Connector, input: ConnectionInput): Profile {
  const used = profilesInUse(ir, input);
  const withLogin = ir.profiles.filter(({ login }) => login !== undefined);
  const [only, second] = input.connect.profile !== undefined || withLogin.length === 0 ? used : withLogin;
  if (only && !second) return only;
  const names = ir.profiles.map(({ id }) => id).join(", ");
  throw new CommandFailure(`${ir.slug} has several profiles (${names}); name one with --profile`);
}

/** True where what a person consented to is kept over calls, so that a store is needed. */
export function keepsConsent({ login, source }: Profile): boolean {
  return login !== undefined || (source.kind === "oauth2" && source.refresh !== undefined);
}
