import type { Connection, Grant } from "../../runtime/index.ts";
import type { Profile } from "../../schema/ir.ts";
import {
  type ConnectionFlags,
  type ConnectionInput,
  connectionInput,
} from "../connection/connect-options.ts";
import { failureOf, type StoreOf, withInput } from "../connection/open.ts";
import { sharedStateOfLogins } from "../connection/shared-state.ts";
import { loadConnectorIr } from "../load-connector-ir.ts";
import type { ExitCode, World } from "../world.ts";
import { approveOrigins } from "./approve.ts";
import { type ConsentFlags, obtainConsent } from "./consent.ts";
import { openOrMakeStore, openStore } from "./open-store.ts";
import { redirectOf } from "./redirect-target.ts";
import { keepsConsent, profileToSignIn, subjectOf } from "./subject.ts";

/** The options of `connector auth login`. */
export interface LoginFlags extends ConnectionFlags, ConsentFlags {
  readonly yes?: boolean;
}

/** `connector auth login`: approval of the origins, then consent in the browser, or a try of what needs none. */
export async function loginCommand(descriptor: string, flags: LoginFlags, world: World): Promise<ExitCode> {
  redirectOf(flags);
  const ir = await loadConnectorIr(descriptor, world);
  const given = await connectionInput(ir, flags, world);
  const profile = profileToSignIn(ir, given);
  const input: ConnectionInput = { ...given, connect: { ...given.connect, profile: profile.id } };
  const storeOf: StoreOf = async () => {
    const shared = keepsConsent(profile) ? await sharedStateOfLogins(input, flags, world) : undefined;
    if (shared) return shared;
    if (profile.login) return openOrMakeStore(flags, world);
    return keepsConsent(profile) ? openStore(flags, world, true) : undefined;
  };
  return withInput({ ir, input, flags, storeOf }, world, async (connection) => {
    const origins = await connection.origins({ profile: profile.id });
    const subject = subjectOf(ir, profile.id, input, flags, world);
    await approveOrigins(subject, origins, { yes: flags.yes ?? false }, world);
    return profile.login ? signIn(connection, profile, flags, world) : tryOut(connection, profile, world);
  });
}

async function signIn(
  connection: Connection,
  profile: Profile,
  flags: LoginFlags,
  world: World,
): Promise<ExitCode> {
  const before = await connection.grant({ profile: profile.id });
  if (before) await world.stderr.write(`This replaces the login of ${before.obtainedAt.toISOString()}.\n`);
  const grant = await obtainConsent(connection, profile.id, flags, world);
  await world.stdout.write(`Signed in to ${connection.slug} with profile ${profile.id}; ${lifeOf(grant)}.\n`);
  return 0;
}

function lifeOf({ expiresAt, refreshable }: Grant): string {
  if (refreshable) return "the login renews itself";
  return expiresAt === undefined
    ? "the login lasts until the server refuses it"
    : `the login ends ${expiresAt.toISOString()}, and there is no refresh token`;
}

/** Nothing of these credentials is stored: what remains is the approval. */
async function tryOut(connection: Connection, profile: Profile, world: World): Promise<ExitCode> {
  const { error } = await connection.check({ signal: world.interrupted });
  if (error && error.code !== "unsupported") throw failureOf(error, world);
  await world.stdout.write(
    error
      ? `Profile ${profile.id} of ${connection.slug} needs no login, and has no test_endpoint to try its credentials at.\n`
      : `The credentials of profile ${profile.id} of ${connection.slug} work; it needs no login.\n`,
  );
  return 0;
}
