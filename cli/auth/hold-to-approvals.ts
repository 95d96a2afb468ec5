import type { Connection } from "../../runtime/index.ts";
import type { Connector } from "../../schema/ir.ts";
import type { ConnectionFlags, ConnectionInput } from "../connection/connect-options.ts";
import { CommandFailure } from "../failure.ts";
import type { World } from "../world.ts";
import { findApproval, readApprovals } from "./approvals.ts";
import { newOrigins } from "./approve.ts";
import { knownStorePath } from "./store-path.ts";
import { profilesInUse, subjectOf } from "./subject.ts";

/** Whoever has approved where a credential goes is asked anew before it goes elsewhere. */
export async function holdToApprovals(
  ir: Connector,
  connection: Connection,
  input: ConnectionInput,
  flags: ConnectionFlags,
  world: World,
): Promise<void> {
  const store = knownStorePath(world);
  const approvals = store === undefined ? [] : await readApprovals(store);
  if (approvals.length === 0) return;
  for (const { id } of profilesInUse(ir, input)) {
    const approval = findApproval(approvals, subjectOf(ir, id, input, flags, world));
    const added = approval ? newOrigins(approval, await connection.origins({ profile: id })) : [];
    if (added.length > 0)
      throw new CommandFailure(
        `the descriptor now also sends the credentials of profile ${id} to ${added.join(", ")}, which is not approved; nothing was sent. Approve it with \`connector auth login\``,
        1,
      );
  }
}
