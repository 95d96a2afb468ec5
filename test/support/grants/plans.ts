/** What is shared in a schedule, and what must hold of it. */
import { marginMs } from "../../../runtime/credentials/life.ts";
import type { Spend } from "./identity-provider.ts";
import { sharedClient, sharedLogin } from "./login.ts";
import { lifeMs, type Plan, type Stop } from "./schedule.ts";

const client = { client_id: "id", client_secret: "client-secret" };

/** One login: its refresh tokens are each spent once, even where the store fails. */
export async function loginPlan(): Promise<Plan> {
  const credentials = { ...client, refresh_token: "r0" };
  return { ir: await sharedLogin(), credentials, storeFails: true, judge: judgeSpends };
}

/** One client: one token at a time, where the store is slow but works. */
export async function clientPlan(): Promise<Plan> {
  return { ir: await sharedClient(), credentials: client, storeFails: false, judge: judgeTokens };
}

/** A token is spent twice only where what it gave was lost with the answer, or with the process that had it. */
function judgeSpends(spends: readonly Spend[], stops: readonly Stop[]): readonly string[] {
  return spends.flatMap((spend, at) => {
    const first = spends.slice(0, at).find(({ token }) => token === spend.token);
    const isLost = first && (first.heardAt === undefined || first.heardAt > spend.at);
    if (!first || isLost || wasStopped(first.process, first, spend, stops)) return [];
    return `${spend.token} is spent by ${first.process} at ${first.at} and by ${spend.process} at ${spend.at}`;
  });
}

/** How long a request is on its way: a token's life counts from the time it was asked for. */
const wayMs = 50;

/** Another token is asked for when the last one is due, or where its answer or its owner was lost. */
function judgeTokens(spends: readonly Spend[], stops: readonly Stop[]): readonly string[] {
  const dueMs = lifeMs - marginMs(lifeMs) - wayMs;
  return spends.flatMap((again, at) => {
    const first = spends[at - 1];
    if (!first || first.heardAt === undefined || again.at >= first.at + dueMs) return [];
    // One that slept since it looked into the store does not know what came in meanwhile.
    if (wasStopped(first.process, first, again, stops) || wasStopped(again.process, first, again, stops))
      return [];
    return `a token is asked for by ${first.process} at ${first.at}, heard at ${first.heardAt}, and by ${again.process} at ${again.at}`;
  });
}

function wasStopped(process: string, first: Spend, again: Spend, stops: readonly Stop[]): boolean {
  return stops.some((stop) => stop.process === process && stop.from <= again.at && stop.to >= first.at);
}
