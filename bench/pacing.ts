/**
 * What pacing costs: `npx tsx bench/pacing.ts`. A decision in nanoseconds, the median of several rounds, beside a bare
 * loop over `performance.now()` in the same process; the memory of a million keys; how many starts the worst rolling
 * window holds under saturation. `--peers=FOLDER` measures other limiters in the same run and installs them there where
 * they are missing (network). Exits 1 where a key takes more than it may, or its memory cannot be told.
 */
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { systemClock } from "../runtime/clock.ts";
import { createPacer, type Lane, type Pacer } from "../runtime/pacing/pacer.ts";
import { createMemoryState } from "../runtime/state/memory-state.ts";
import { limitsOf } from "./pacing/keys.ts";
import { reportMemory } from "./pacing/memory.ts";
import { installPacingPeers, type PacingPeer, pacingPeers } from "./pacing/peers.ts";

const identities = 10_000;
const rounds = 15;
const decisions = 200_000;
/** The rate that everyone is asked to keep, and for how long. */
const perSecond = 100;
const pacingSeconds = 5;

interface Measure {
  readonly name: string;
  run(count: number): void;
}

function lanesOf(pacer: Pacer, lanes: number, count: number, limit: number, burst: number): Lane[] {
  return Array.from({ length: lanes }, (_, identity) =>
    pacer.lane(limitsOf(identity, count, limit, burst), "bench"),
  );
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
if (!reportMemory()) process.exitCode = 1;

const { peers } = parseArgs({ options: { peers: { type: "string" } } }).values;
const others = peers === undefined ? [] : await peersOf(peers);
for (const peer of others) await peerDecisions(peer);
await pacingOf({ name: "connectorc", start: ownStart });
for (const { name, pacer } of others) {
  const { start } = pacer(perSecond);
  await pacingOf({ name, start: () => start });
}
console.log(`(load ${loadavg()[0]?.toFixed(1)})`);
if (peers === undefined) console.log("SKIPPED: peers; give --peers=FOLDER");

async function peersOf(folder: string): Promise<readonly PacingPeer[]> {
  installPacingPeers(folder);
  return pacingPeers(folder);
}

/** Some answer at once and some with a promise, which is awaited as its caller would. */
async function peerDecisions({ name, decider }: PacingPeer): Promise<void> {
  for (const keys of [1, identities]) {
    const decide = decider(keys);
    // One that takes milliseconds is measured by fewer.
    const trial = performance.now();
    for (let i = 0; i < 100; i++) await decide(i % keys);
    const times = performance.now() - trial > 50 ? 300 : decisions;
    const figures: number[] = [];
    for (let round = 0; round < 5; round++) {
      const start = performance.now();
      for (let i = 0; i < times; i++) {
        const answer = decide(i % keys);
        if (answer instanceof Promise) await answer;
      }
      figures.push(((performance.now() - start) * 1e6) / times);
    }
    console.log(`${`${name}, ${keys} keys`.padEnd(52)} ${median(figures).toFixed(0).padStart(8)} ns`);
  }
}

/** Starts of the engine under the same limit. */
function ownStart(): () => Promise<unknown> {
  const pacer = createPacer({ state: createMemoryState({ clock: systemClock }), clock: systemClock });
  const [limit] = limitsOf(0, 1, perSecond, 0);
  const lane = pacer.lane(limit === undefined ? [] : [{ ...limit, intervalMs: 1000 }], "bench");
  const request = { cost: 1, deadline: Number.POSITIVE_INFINITY };
  return async () => (await pacer.acquire(lane, request)).release();
}

/** Asks without a pause, 200 at a time, for some seconds. */
async function pacingOf({
  name,
  start: make,
}: {
  readonly name: string;
  readonly start: () => () => Promise<unknown>;
}): Promise<void> {
  const start = make();
  const stamps: number[] = [];
  const cpu = process.cpuUsage();
  const began = performance.now();
  const end = began + pacingSeconds * 1000;
  const caller = async (): Promise<void> => {
    while (performance.now() < end) {
      await start();
      stamps.push(performance.now());
    }
  };
  await Promise.all(Array.from({ length: 200 }, caller));
  const { user, system } = process.cpuUsage(cpu);
  const inTime = stamps.filter((at) => at < end).length;
  console.log(
    `${name.padEnd(32)} ${perSecond}/s for ${pacingSeconds} s: ${inTime} starts, worst 1-s window ${worstWindow(stamps)}, cpu ${Math.round((user + system) / 1000)} ms`,
  );
}

/** A window is measured 50 ms short: a start is noted a little after it was granted, sooner or later. */
function worstWindow(stamps: readonly number[]): number {
  let worst = 0;
  let first = 0;
  for (const [index, at] of stamps.entries()) {
    while ((stamps[first] ?? at) <= at - 950) first++;
    worst = Math.max(worst, index - first + 1);
  }
  return worst;
}
