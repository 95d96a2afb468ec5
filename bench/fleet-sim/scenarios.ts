/** The default report: what each part of it simulates. */

import { seeded } from "../../test/support/seeded.ts";
import { draw, untilNext } from "./distribution.ts";
import type { Fault, FaultRate, Scenario } from "./scenario.ts";

/** A data centre: a fifth of a millisecond each way, a core for each process, and costs as `bench/redis.ts` measures. */
export const usual: Scenario = {
  name: "usual",
  processes: 16,
  keys: 1,
  skew: 0,
  rule: { limit: 500, intervalMs: 1_000, burst: 50 },
  lease: 1,
  load: { kind: "callers", each: 200 },
  seconds: 10,
  latency: { medianMs: 0.2, ratio: 1.5 },
  loss: 0,
  eventCost: { medianMs: 0.05, ratio: 1.3 },
  upstream: { medianMs: 0.2, ratio: 1.5 },
  server: { requestMs: 0.01, scriptMs: 0.003, commandMs: 0.001 },
  faults: [],
};

/** From one process to ten thousand at one limit, with some 3,200 callers in all, and one each at least. */
export function fleetSizes(): readonly Scenario[] {
  return [1, 4, 16, 100, 1_000, 10_000].map((processes) => ({
    ...usual,
    name: `${processes} processes`,
    processes,
    load: { kind: "callers", each: Math.max(1, Math.round(3_200 / processes)) },
    seconds: 6,
  }));
}

/** Rates beyond what one question for each start can carry. */
export function leases(): readonly Scenario[] {
  return [2_000, 10_000, 40_000].flatMap((limit) =>
    [1, 4, 16, 64].map((lease) => ({
      ...usual,
      name: `${limit}/s, lease ${lease}`,
      rule: { limit, intervalMs: 1_000, burst: limit / 10 },
      lease,
      load: { kind: "callers" as const, each: Math.max(50, limit / 80) },
      seconds: 3,
    })),
  );
}

/** Many limits, of which most are used seldom. */
export function keyCounts(): readonly Scenario[] {
  return [1_000, 10_000, 100_000].map((keys) => ({
    ...usual,
    name: `${keys} keys`,
    keys,
    skew: 1,
    rule: { limit: 100, intervalMs: 60_000, burst: 0 },
    load: { kind: "arrivals", perSecond: 5_000 },
    seconds: 4,
  }));
}

export function eachFault(): readonly Scenario[] {
  const kinds = ["slow", "pause", "outage", "restart", "flush", "stall"] as const;
  const lost = { ...usual, name: "1 % of messages lost", loss: 0.01 };
  return [
    lost,
    ...kinds.map((kind) => ({
      ...usual,
      name: kind,
      faults: [{ kind, atMs: 4_100, forMs: kind === "stall" ? 500 : 2_000 }],
    })),
  ];
}

/** A bad half minute: faults of all kinds, drawn. */
export function badTime(seed: number): Scenario {
  const seconds = 30;
  const rate: FaultRate = {
    perMinute: 20,
    kinds: ["slow", "pause", "outage", "restart", "flush", "stall"],
    lasts: { medianMs: 600, ratio: 2.5 },
  };
  return {
    ...usual,
    name: "a bad half minute",
    seconds,
    loss: 0.001,
    faults: drawnFaults(rate, seconds, seed),
  };
}

/** One after another, each with a time to recover. */
export function drawnFaults(
  { perMinute, kinds, lasts }: FaultRate,
  seconds: number,
  seed: number,
): readonly Fault[] {
  const random = seeded(seed);
  const faults: Fault[] = [];
  for (let atMs = 2_000; ; ) {
    atMs += untilNext(random, perMinute / 60);
    const forMs = draw(random, lasts);
    const kind = kinds[Math.floor(random() * kinds.length)];
    if (atMs + forMs > seconds * 1_000 || kind === undefined) return faults;
    faults.push({ kind, atMs, forMs });
    atMs += forMs + 1_500;
  }
}
