/** A fleet of processes that call without a pause, each call with a shared token and under a shared limit, and what came of it. */
import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { type Handler, json, startServer, tokenEndpoint } from "../../runtime/testing/index.ts";
import type { CallingReport, CallingTask } from "./calling-member.mts";
import { startMembers, worstWindow } from "./fleet.ts";
import { descriptor, irOf } from "./line.ts";

const limit = 200;
const processes = 3;
const timeoutMs = 3_000;
const yaml = descriptor(
  `operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: oauth2_client_credentials }]
rate_limits: [{ limit: ${limit}, interval_seconds: 1, scope: per_account }]`,
  '  - type: oauth2_client_credentials\n    oauth: { token_url: "{base_url}/token" }',
);

export interface CallingFleet {
  readonly keyPrefix: string;
  /** Ends it when its store is back, and holds what it did against promises 1, 4, 5, 12 and 14. `losses`: how often tokens may have been forgotten. */
  finish(losses: number): Promise<readonly CallingReport[]>;
}

/** Three processes of 20 callers at 200 calls a second, over the state at `url`; they call when this settles. */
export async function startCallingFleet(url: string): Promise<CallingFleet> {
  const arrivals: number[] = [];
  const tokens = tokenEndpoint({ delayMs: 10, expiresIn: 3_600 });
  const counted: Handler = (request, ...rest) => {
    arrivals.push(performance.now());
    return tokens.protect(json(1))(request, ...rest);
  };
  const server = await startServer({ "POST /token": tokens.handler, "GET /x": counted });
  const { origin, host } = server;
  const keyPrefix = `connectorc:${randomUUID()}`;
  const ir = await irOf(yaml);
  const task: CallingTask = { url, keyPrefix, origin, host, ir, callers: 20, processes, timeoutMs };
  const members = startMembers("calling-member.mts", Array<CallingTask>(processes).fill(task));
  await Promise.all(members.map(({ next }) => next()));
  for (const { child } of members) child.stdin?.write("go\n");
  const finish = async (losses: number): Promise<readonly CallingReport[]> => {
    for (const { child } of members) child.stdin?.write("stop\n");
    const reports = await Promise.all(
      members.map(async ({ next }): Promise<CallingReport> => JSON.parse(await next())),
    );
    await server.close();
    expect(reports.map(({ unhandled }) => unhandled)).toEqual([0, 0, 0]);
    // Where there is no store the share is kept; what had no share in time says so, and a
    // machine that is busy loses a connection to the upstream.
    const codes = new Set(reports.flatMap(({ errors }) => Object.keys(errors)));
    const expected = ["rate_limited", "state_unavailable", "deadline_exceeded", "network_error"];
    expect([...codes].filter((code) => !expected.includes(code))).toEqual([]);
    // A busy machine adds to what the deadline allows, and never half a minute.
    expect(Math.max(...reports.map(({ longestMs }) => longestMs))).toBeLessThan(timeoutMs + 10_000);
    expect(worstWindow(arrivals, 750)).toBeLessThanOrEqual(2 * limit);
    // All are back, have said so once for each change, and call again.
    for (const { up, changes, lines, answeredLast } of reports) {
      expect(up).toBe(true);
      expect(changes % 2).toBe(0);
      expect(lines).toBe(changes);
      expect(answeredLast).toBeGreaterThan(0);
    }
    // One token for all; one more where the store that kept it has forgotten it while another was asked for.
    expect(server.times("/token")).toBeGreaterThan(0);
    expect(server.times("/token")).toBeLessThanOrEqual(1 + losses);
    return reports;
  };
  return { keyPrefix, finish };
}
