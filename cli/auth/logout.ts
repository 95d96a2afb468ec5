import type { ConnectionFlags, ConnectionInput } from "../connection/connect-options.ts";
import { connectionInput } from "../connection/connect-options.ts";
import { type StoreOf, withInput } from "../connection/open.ts";
import { sharedStateOfLogins } from "../connection/shared-state.ts";
import { loadConnectorIr } from "../load-connector-ir.ts";
import type { ExitCode, World } from "../world.ts";
import { findApproval, readApprovals, writeApproval } from "./approvals.ts";
import { openStore } from "./open-store.ts";
import { storePath } from "./store-path.ts";
import { profileToSignIn, subjectOf } from "./subject.ts";

/** `connector auth logout`: deletes what is stored of a login, and its approval; says what that was. */
export async function logoutCommand(
  descriptor: string,
  flags: ConnectionFlags,
  world: World,
): Promise<ExitCode> {
  const ir = await loadConnectorIr(descriptor, world);
  const given = await connectionInput(ir, flags, world);
  const { id, login } = profileToSignIn(ir, given);
  const input: ConnectionInput = { ...given, connect: { ...given.connect, profile: id } };
  const storeOf: StoreOf = async () =>
    login ? ((await sharedStateOfLogins(input, flags, world)) ?? openStore(flags, world, false)) : undefined;
  return withInput<ExitCode>({ ir, input, flags, storeOf }, world, async (connection) => {
    const name = `profile ${id} of ${ir.slug}`;
    const grant = login && (await connection.grant({ profile: id }));
    const deleted: string[] = [];
    // A record that this key does not open is deleted all the same.
    if (login && (await connection.forget({ profile: id })))
      deleted.push(
        `the login${grant ? ` of ${grant.obtainedAt.toISOString()}` : ""} (the server was not told: what it has given ends by itself, or when you revoke it there)`,
      );
    const store = storePath(world);
    const subject = subjectOf(ir, id, input, flags, world);
    const approval = findApproval(await readApprovals(store), subject);
    if (approval) {
      await writeApproval(store, subject, undefined);
      deleted.push(`the approval of ${approval.origins.join(", ") || "no origin"}`);
    }
    await world.stdout.write(
      deleted.length === 0
        ? `Nothing was stored for ${name}.\n`
        : `Deleted for ${name}: ${deleted.join("; ")}.\n`,
    );
    return 0;
  });
}
