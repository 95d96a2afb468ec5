import type { Connection, Grant } from "../../runtime/index.ts";
import type { Connector, Profile } from "../../schema/ir.ts";
import type { ConnectionFlags, ConnectionInput } from "../connection/connect-options.ts";
import { connectionInput } from "../connection/connect-options.ts";
import { type StoreOf, withInput } from "../connection/open.ts";
import { sharedStateOfLogins } from "../connection/shared-state.ts";
import { loadConnectorIr } from "../load-connector-ir.ts";
import { escapeLine, jsonText } from "../report/escape.ts";
import type { ExitCode, World } from "../world.ts";
import { type Approval, findApproval, readApprovals } from "./approvals.ts";
import { openStore } from "./open-store.ts";
import { knownStorePath } from "./store-path.ts";
import { profilesInUse, subjectOf } from "./subject.ts";

/** What is known of one profile; holds no secret. */
interface ProfileStatus {
  readonly profile: string;
  readonly type: string;
  readonly state: "signed in" | "not signed in" | "ended" | "no login needed";
  readonly approvedOrigins: readonly string[];
  readonly approvedAt?: string;
  readonly obtainedAt?: string;
  readonly expiresAt?: string;
  readonly refreshable?: boolean;
  /** Why only another login helps. */
  readonly ended?: string;
}

/** `connector auth status`: the logins and approvals of a connection. */
export async function statusCommand(
  descriptor: string,
  flags: ConnectionFlags & { readonly format: "pretty" | "json" },
  world: World,
): Promise<ExitCode> {
  const ir = await loadConnectorIr(descriptor, world);
  const input = await connectionInput(ir, flags, world);
  const profiles = shown(ir, input);
  const storeOf: StoreOf = async () =>
    profiles.some(({ login }) => login)
      ? ((await sharedStateOfLogins(input, flags, world)) ?? openStore(flags, world, false))
      : undefined;
  return withInput({ ir, input, flags, storeOf }, world, async (connection) => {
    const path = knownStorePath(world);
    const approvals = path === undefined ? [] : await readApprovals(path);
    const statuses: ProfileStatus[] = [];
    for (const profile of profiles) {
      const approval = findApproval(approvals, subjectOf(ir, profile.id, input, flags, world));
      statuses.push(await statusOf(connection, profile, approval));
    }
    const report = { connector: ir.slug, store: path ?? null, profiles: statuses };
    await world.stdout.write(flags.format === "json" ? `${jsonText(report, 2)}\n` : pretty(statuses));
    return statuses.some(({ state }) => state === "not signed in" || state === "ended") ? 1 : 0;
  });
}

/** The chosen profile, else those that credentials are given for and those that have a login. */
function shown(ir: Connector, input: ConnectionInput): readonly Profile[] {
  const used = profilesInUse(ir, input);
  if (input.connect.profile !== undefined) return used;
  return ir.profiles.filter((profile) => used.includes(profile) || profile.login !== undefined);
}

async function statusOf(
  connection: Connection,
  profile: Profile,
  approval: Approval | undefined,
): Promise<ProfileStatus> {
  const grant = profile.login && (await connection.grant({ profile: profile.id }));
  return {
    profile: profile.id,
    type: profile.type,
    state: profile.login ? stateOf(grant) : "no login needed",
    approvedOrigins: approval?.origins ?? grant?.origins ?? [],
    ...(approval ? { approvedAt: approval.approvedAt } : {}),
    ...(grant ? { obtainedAt: grant.obtainedAt.toISOString(), refreshable: grant.refreshable } : {}),
    ...(grant?.expiresAt ? { expiresAt: grant.expiresAt.toISOString() } : {}),
    ...(grant?.ended === undefined ? {} : { ended: grant.ended }),
  };
}

/** A token whose time is up still counts where it renews itself. */
function stateOf(grant: Grant | undefined): ProfileStatus["state"] {
  if (!grant) return "not signed in";
  const over = grant.expiresAt !== undefined && grant.expiresAt.getTime() <= Date.now();
  return grant.ended !== undefined || (over && !grant.refreshable) ? "ended" : "signed in";
}

function pretty(statuses: readonly ProfileStatus[]): string {
  if (statuses.length === 0) return "No profile of this connection has credentials or a login.\n";
  return statuses.map(prettyStatus).join("");
}

function prettyStatus(status: ProfileStatus): string {
  const lines = [
    `${status.profile} (${status.type}): ${status.state}${status.ended === undefined ? "" : `, ${status.ended}`}`,
    status.obtainedAt && `  obtained   ${status.obtainedAt}`,
    status.expiresAt && `  expires    ${status.expiresAt}${status.refreshable ? ", renews itself" : ""}`,
    status.expiresAt === undefined && status.refreshable && "  expires    not known; renews itself",
    `  approved   ${status.approvedOrigins.length === 0 ? "nothing yet" : status.approvedOrigins.join(", ")}`,
  ];
  return lines
    .filter((line) => typeof line === "string")
    .map((line) => `${escapeLine(line)}\n`)
    .join("");
}
