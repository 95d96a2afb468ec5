import type { ReceivedRequest } from "../../runtime/testing/index.ts";
import { createClient, type SecuronixClient } from "./clients.ts";
import type { Stage } from "./demo.ts";
import { counted, seconds } from "./narrator.ts";
import { incidentCount, securonixUser, startSecuronix } from "./upstream.ts";

const yearToken = "/Snypr/ws/token/generate";
const hourToken = "/api/v2/oauth/token";
const incidents = "/Snypr/ws/incident/get";

/** The credential chain and its cache, the limiter, an hour's end, a refusal, and pages by offset. */
export async function playSecuronix({ narrator, clock, built }: Stage): Promise<void> {
  const { server, bearer } = await startSecuronix(clock);
  const client = createClient<SecuronixClient>(
    built,
    "Securonix",
    {
      profile: "gateway",
      credentials: securonixUser,
      config: { base_url: server.origin, gateway_url: server.origin },
    },
    { clock, network: { allow: [server.host] } },
  );
  /** What the server saw while `work` ran. */
  const watch = async (work: () => Promise<unknown>): Promise<Seen> => {
    const from = server.requests.length;
    await work();
    return seenOf(server.requests.slice(from));
  };
  const calls = (count: number) => (): Promise<unknown> =>
    Promise.all(Array.from({ length: count }, () => client.getIncident({ incident_id: "100001" })));
  const tellSteps = ({ year, hour }: Seen, saved: string): void => {
    narrator.fact("  chain step ws_token (good for a year)", made(year));
    narrator.fact("  chain step oauth_token (good for an hour)", made(hour));
    if (saved) narrator.say(`  ${saved}`);
  };

  try {
    narrator.chapter("Securonix: a chain of two token calls");
    narrator.say("First call:");
    tellSteps(await watch(calls(1)), "");
    clock.skip(2_000); // so that the limit is at rest
    const hundred = await watch(calls(100));
    narrator.say("The next 100 calls, all at once:");
    tellSteps(hundred, "The cache saved 200 token calls.");

    narrator.chapter("Securonix: the limit of 10 calls a second, 20 more in a burst");
    narrator.fact("100 calls, all made in the same moment", `sent over ${seconds(hundred.spanMs)}`);
    narrator.fact("  went out at once", counted(hundred.atOnce, "call"));
    narrator.fact("  waited for their turn, in order", counted(100 - hundred.atOnce, "call"));
    narrator.fact("  were met with 429", "none");

    narrator.chapter("Securonix: an hour later");
    clock.skip(3_600_000);
    narrator.say("The hour-long token has ended. 50 callers come at the same time:");
    tellSteps(
      await watch(calls(50)),
      "One refresh served all 50; the year-long token was not asked for again.",
    );
    bearer.revokeAll();
    narrator.say("The server takes the new token back before its time. One call:");
    const refused = await watch(calls(1));
    tellSteps(
      refused,
      `It was refused, the last step renewed, the call repeated: ${counted(refused.calls, "request")}, one answer.`,
    );

    narrator.chapter("Securonix: pages by offset");
    let records = 0;
    let pages = 0;
    for await (const page of client
      .listIncidents({ from: 1_767_225_600_000, to: 1_767_312_000_000 })
      .pages()) {
      pages++;
      records += page.records.length;
    }
    narrator.fact(
      `list_incidents of ${incidentCount}, 200 on a page`,
      `${counted(pages, "page")}, ${counted(records, "record")}`,
    );
  } finally {
    await client.close();
    await server.close();
  }
}

interface Seen {
  readonly year: number;
  readonly hour: number;
  readonly calls: number;
  readonly atOnce: number;
  readonly spanMs: number;
}

function seenOf(requests: readonly ReceivedRequest[]): Seen {
  const times = (path: string): number => requests.filter((request) => request.path === path).length;
  const arrivals = requests.filter(({ path }) => path === incidents).map(({ at }) => at);
  const first = arrivals[0] ?? 0;
  return {
    year: times(yearToken),
    hour: times(hourToken),
    calls: arrivals.length,
    // Whoever waits for the limit starts a second after the burst at the earliest.
    atOnce: arrivals.filter((at) => at - first < 500).length,
    spanMs: (arrivals.at(-1) ?? 0) - first,
  };
}

function made(count: number): string {
  return count === 0 ? "from the cache" : `called ${count === 1 ? "once" : `${count} times`}`;
}
