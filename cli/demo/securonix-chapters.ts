import type { ReceivedRequest } from "../../runtime/testing/index.ts";
import { createClient, type SecuronixClient } from "./clients.ts";
import type { Stage } from "./demo.ts";
import { counted, type Narrator, seconds } from "./narrator.ts";
import { incidentCount, type Securonix, securonixUser, startSecuronix } from "./upstream.ts";

const yearToken = "/Snypr/ws/token/generate";
const hourToken = "/api/v2/oauth/token";
const incidents = "/Snypr/ws/incident/get";

/** The credential chain and its cache, the limiter, an hour's end, a refusal, and pages by offset. */
export async function playSecuronix({ narrator, clock, built }: Stage): Promise<void> {
  const upstream = await startSecuronix(clock);
  const { origin, host } = upstream.server;
  const client = createClient<SecuronixClient>(
    built,
    "Securonix",
    {
      profile: "gateway",
      credentials: securonixUser,
      config: { base_url: origin, gateway_url: origin },
    },
    { clock, network: { allow: [host] } },
  );
  try {
    await playChainAndLimit(narrator, client, upstream, clock.skip);
    await playExpiry(narrator, client, upstream, clock.skip);
    await playOffsetPages(narrator, client);
  } finally {
    await client.close();
    await upstream.server.close();
  }
}

type Skip = Stage["clock"]["skip"];

async function playChainAndLimit(
  narrator: Narrator,
  client: SecuronixClient,
  upstream: Securonix,
  skip: Skip,
): Promise<void> {
  narrator.chapter("Securonix: a chain of two token calls");
  narrator.say("First call:");
  tellSteps(narrator, await callAtOnce(1, client, upstream));
  skip(2_000); // so that the limit is at rest
  const count = 100;
  const seen = await callAtOnce(count, client, upstream);
  narrator.say(`The next ${count} calls, all at once:`);
  tellSteps(narrator, seen);
  narrator.say(`  The cache saved ${counted(2 * count - seen.year - seen.hour, "token call")}.`);

  narrator.chapter("Securonix: the limit of 10 calls a second, 20 more in a burst");
  narrator.fact(`${count} calls, all made in the same moment`, `sent over ${seconds(seen.spanMs)}`);
  narrator.fact("  went out at once", counted(seen.atOnce, "call"));
  narrator.fact("  waited for their turn, in order", counted(seen.calls - seen.atOnce, "call"));
}

async function playExpiry(
  narrator: Narrator,
  client: SecuronixClient,
  upstream: Securonix,
  skip: Skip,
): Promise<void> {
  narrator.chapter("Securonix: an hour later");
  skip(3_600_000);
  narrator.say("The hour-long token has ended. 50 callers come at the same time:");
  const expired = await callAtOnce(50, client, upstream);
  tellSteps(narrator, expired);
  narrator.say(
    `  ${counted(expired.hour + expired.year, "token call")} served ${counted(expired.calls, "caller")}.`,
  );

  upstream.bearer.revokeAll();
  narrator.say("The server takes the new token back before its time. One call:");
  const refused = await callAtOnce(1, client, upstream);
  tellSteps(narrator, refused);
  narrator.say(`  Refused, renewed, repeated: ${counted(refused.calls, "request")} for one answer.`);
}

async function playOffsetPages(narrator: Narrator, client: SecuronixClient): Promise<void> {
  narrator.chapter("Securonix: pages by offset");
  let records = 0;
  let pages = 0;
  const span = { from: 1_767_225_600_000, to: 1_767_312_000_000 };
  for await (const page of client.listIncidents(span).pages()) {
    pages++;
    records += page.records.length;
  }
  narrator.fact(
    `list_incidents of ${incidentCount}, 200 on a page`,
    `${counted(pages, "page")}, ${counted(records, "record")}`,
  );
}

function tellSteps(narrator: Narrator, { year, hour }: Seen): void {
  narrator.fact("  chain step ws_token (good for a year)", made(year));
  narrator.fact("  chain step oauth_token (good for an hour)", made(hour));
}

function made(count: number): string {
  return count === 0 ? "from the cache" : `called ${count === 1 ? "once" : `${count} times`}`;
}

/** What the server saw: token calls, calls, and how these came in. */
interface Seen {
  readonly year: number;
  readonly hour: number;
  readonly calls: number;
  readonly atOnce: number;
  readonly spanMs: number;
}

/** Makes so many calls in one moment; answers what the server saw of them. */
async function callAtOnce(
  count: number,
  client: SecuronixClient,
  { server, clock }: Securonix,
): Promise<Seen> {
  const from = server.requests.length;
  const called = clock.now();
  await Promise.all(Array.from({ length: count }, () => client.getIncident({ incident_id: "100001" })));
  return seenOf(server.requests.slice(from), called);
}

function seenOf(requests: readonly ReceivedRequest[], called: number): Seen {
  const times = (path: string): number => requests.filter((request) => request.path === path).length;
  const arrivals = requests.filter(({ path }) => path === incidents).map(({ at }) => at);
  return {
    year: times(yearToken),
    hour: times(hourToken),
    calls: arrivals.length,
    // Whoever waits for the limit starts a second after the burst at the earliest.
    atOnce: arrivals.filter((at) => at - called < 500).length,
    spanMs: (arrivals.at(-1) ?? 0) - called,
  };
}
