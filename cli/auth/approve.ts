import { CommandFailure } from "../failure.ts";
import { escapeLine } from "../report/escape.ts";
import type { World } from "../world.ts";
import { type Approval, findApproval, readApprovals, type Subject, writeApproval } from "./approvals.ts";
import { storePath } from "./store-path.ts";

/** Shows where a credential will go and asks once; a set with another origin in it asks again. */
export async function approveOrigins(
  subject: Subject,
  origins: readonly string[],
  options: { readonly yes: boolean },
  world: World,
): Promise<void> {
  const store = storePath(world);
  const known = findApproval(await readApprovals(store), subject);
  if (known && newOrigins(known, origins).length === 0) return;
  await world.stderr.write(question(subject, origins, known));
  if (!options.yes) await ask(world);
  await writeApproval(store, subject, origins);
}

/** Those that were not there when the approval was given. */
export function newOrigins(approval: Approval, origins: readonly string[]): readonly string[] {
  return origins.filter((origin) => !approval.origins.includes(origin));
}

function question(
  { connector, profile }: Subject,
  origins: readonly string[],
  known: Approval | undefined,
): string {
  const lines = origins.map((origin) => {
    const mark = known && !known.origins.includes(origin) ? "  (new)" : "";
    return `  ${escapeLine(origin)}${mark}\n`;
  });
  const places = lines.length > 0 ? lines.join("") : "  no origin that the descriptor names\n";
  return `The credentials of profile ${escapeLine(profile)} of ${connector} will be sent to\n${places}`;
}

async function ask(world: World): Promise<void> {
  const answer = await world.ask?.("Is that right? [y/N] ");
  if (answer === undefined)
    throw new CommandFailure(
      "these origins are not approved yet and nobody is at the terminal; add --yes if they are right. Nothing was sent",
    );
  if (!/^\s*y(es)?\s*$/i.test(answer)) throw new CommandFailure("not approved; nothing was sent", 1);
}
