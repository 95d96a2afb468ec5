/**
 * Promise 4 under saturation at full length: 16 processes with 200 callers each at one limit of 500 a second with a burst
 * of 50, for 20 s; what arrives at the upstream, beside what Redis dated. Starts a redis-server of its own.
 */
import { loadavg } from "node:os";
import { percentile, runFleet, worstWindow } from "../test/support/fleet.ts";
import { hasRedis, startRedis } from "../test/support/redis-server.ts";

const rule = { limit: 500, burst: 50, intervalMs: 1_000 };
const [processes, callers, seconds] = [16, 200, 20];

if (hasRedis()) await main();

async function main(): Promise<void> {
  const redis = await startRedis();
  const run = await runFleet({
    url: redis.url,
    keyPrefix: "load",
    callers,
    processes,
    lease: 1,
    seconds,
    ...rule,
  });
  await redis.stop();
  const most = rule.limit + rule.burst;
  // From rest a bucket gives all of its units; then the rate is the limit's.
  const ideal = most + rule.limit * seconds;
  const inTime = run.arrivals.filter((at) => at <= seconds * 1_000).length;
  const idealWaitMs = ((processes * callers) / rule.limit) * 1_000;
  const p99 = percentile(
    run.members.flatMap((member) => member.waits),
    0.99,
  );
  const changes = run.members.reduce((sum, member) => sum + member.changes, 0);
  const rows: readonly (readonly [string, string])[] = [
    ["worst second by the dates of Redis", `${worstWindow(run.stamps, rule.intervalMs)} of ${most}`],
    ["worst 950 ms at the upstream", `${worstWindow(run.arrivals, rule.intervalMs - 50)} of ${most}`],
    ["used", `${((100 * inTime) / ideal).toFixed(1)} % (95 at least)`],
    ["p99 wait", `${(p99 / idealWaitMs).toFixed(2)} of an ideal queue's (1.25 at most)`],
    ["longest stall of a process", `${run.stallMs.toFixed(0)} ms`],
    ["changes between gone and back", String(changes)],
  ];
  console.log(`${processes} processes × ${callers} callers, ${seconds} s; load ${loadavg()[0]?.toFixed(1)}`);
  for (const [name, value] of rows) console.log(`  ${name.padEnd(36)} ${value}`);
}
