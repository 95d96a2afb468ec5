/**
 * What a pacing decision costs: `npx tsx bench/pacing.ts`. Each figure is the median of several rounds, in
 * nanoseconds, beside a bare loop over `performance.now()` in the same process.
 */

import { systemClock } from "../runtime/clock.ts";
import { createPacer, type Lane, type Pacer } from "../runtime/pacing/pacer.ts";
import type { LimitObject } from "../runtime/ports.ts";
import { createMemoryState } from "../runtime/state/memory-state.ts";

const identities = 10_000;
const rounds = 15;
const decisions = 200_000;

interface Measure {
  readonly name: string;
  run(count: number): void;
}

/** Scopes as an API has them: an account shared by many users, each with a limit and a token. */
function limitsOf(identity: number, count: number, limit: number, burst: number): LimitObject[] {
  const ids = [`user-${identity}`, `account-${identity % 100}`, `token-${identity}`].slice(0, count);
  return ids.map((id) => ({
    key: { tenant: "bench", kind: "limit", id },
    limit,
    intervalMs: 60_000,
    burst,
    smooth: false,
  }));
}

function lanesOf(pacer: Pacer, lanes: number, count: number, limit: number, burst: number): Lane[] {
  return Array.from({ length: lanes }, (_, identity) => pacer.lane(limitsOf(identity, count, limit, burst)));
}

/** The decision alone, or with the release that ends the exchange. */
function acquiring(
  name: string,
  lanes: number,
  count: number,
  ends: boolean,
  limit = 1e9,
  burst = 0,
): Measure {
  const pacer = createPacer({ state: createMemoryState({ clock: systemClock }), clock: systemClock });
  const all = lanesOf(pacer, lanes, count, limit, burst);
  const request = { cost: 1, deadline: Number.POSITIVE_INFINITY };
  return {
    name,
    run: (times) => {
      for (let i = 0; i < times; i++) {
        const lane = all[i % lanes];
        const grant = lane === undefined ? undefined : pacer.acquire(lane, request);
        if (grant === undefined || grant instanceof Promise) throw new Error("There must be room.");
        if (ends) grant.release();
      }
    },
  };
}

function clockAlone(): Measure {
  return {
    name: "performance.now() alone",
    run: (times) => {
      let sum = 0;
      for (let i = 0; i < times; i++) sum += performance.now();
      if (sum < 0) throw new Error("Time must pass.");
    },
  };
}

function nanoseconds(measure: Measure): number {
  const start = performance.now();
  measure.run(decisions);
  return ((performance.now() - start) * 1e6) / decisions;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** Rounds are interleaved, so that a busy machine spoils all alike. */
function compare(measures: readonly Measure[]): void {
  const figures = measures.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, measure] of measures.entries()) figures[index]?.push(nanoseconds(measure));
  }
  const base = median(figures[0] ?? []);
  for (const [index, measure] of measures.entries()) {
    const ns = median(figures[index] ?? []);
    console.log(`${measure.name.padEnd(52)} ${ns.toFixed(0).padStart(6)} ns  x ${(ns / base).toFixed(1)}`);
  }
}

/** Bytes a key in heap and outside, for keys with one admission each; the limit objects are the caller's. */
function bytesPerKey(keys: number, burst: number): number {
  const limits = Array.from({ length: keys }, (_, identity) => limitsOf(identity, 1, 100, burst));
  const state = createMemoryState({ clock: systemClock });
  const before = used();
  for (const one of limits) state.admit(one, 1);
  const bytes = (used() - before) / keys;
  if (state.inspect().limits.length !== keys) throw new Error("All keys must be kept.");
  return bytes;
}

function used(): number {
  // Given by --expose-gc; without it the figure holds garbage, too.
  for (let i = 0; i < 4; i++) globalThis.gc?.();
  const memory = process.memoryUsage();
  return memory.heapUsed + memory.external;
}

compare([
  clockAlone(),
  acquiring("one limit, one identity", 1, 1, false),
  acquiring("one limit, 10,000 identities", identities, 1, false),
  acquiring("the same, with release", identities, 1, true),
  acquiring("one limit with burst, 10,000 identities", identities, 1, false, 1e9, 1e6),
  acquiring("one limit of 250, every stamp kept, 20,000 identities", 2 * identities, 1, false, 250),
  acquiring("three limits, 10,000 identities", identities, 3, false),
  acquiring("the same, with release", identities, 3, true),
]);
console.log(`(medians of ${rounds} rounds of ${decisions.toLocaleString("en")})`);
if (globalThis.gc === undefined)
  console.log("memory: run with node --expose-gc --import tsx bench/pacing.ts");
else
  for (const burst of [0, 20])
    console.log(`1,000,000 keys, burst ${burst}: ${bytesPerKey(1_000_000, burst).toFixed(0)} bytes a key`);
