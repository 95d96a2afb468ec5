/** Redis and memory decide alike: the same random history is told to both, on one clock, and every answer is compared. */
import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Admission, LimitObject, Said, StateKey } from "../../../runtime/ports.ts";
import { createRedisState, type RedisState } from "../../../runtime/redis/index.ts";
import { createMemoryState, type MemoryState } from "../../../runtime/state/memory-state.ts";
import { createFakeClock, type FakeClock } from "../../../runtime/testing/index.ts";
import { hasSomeRedis, type SomeRedis, someRedis } from "../../support/redis-server.ts";

/** Redis counts in microseconds: times may differ by as many as are rounded on the way. */
const slackMs = 0.01;

const limits = fc.array(
  fc.record({
    limit: fc.integer({ min: 1, max: 12 }),
    intervalMs: fc.constantFrom(100, 250, 1_000),
    burst: fc.constantFrom(0, 0, 1, 5),
    smooth: fc.boolean(),
    most: fc.constantFrom(undefined, undefined, 1, 3),
  }),
  { minLength: 1, maxLength: 4 },
);
type Rule = typeof limits extends fc.Arbitrary<(infer One)[]> ? One : never;

/** What a server said: milliseconds from now. */
interface Word {
  readonly hold: number | undefined;
  readonly remaining: number | undefined;
  readonly reset: number | undefined;
}

type Step =
  | { readonly kind: "admit"; readonly mask: number; readonly cost: number }
  | { readonly kind: "pass"; readonly ms: number }
  | { readonly kind: "wait" }
  | { readonly kind: "end"; readonly index: number; readonly how: "release" | "refund" | "forget" }
  | { readonly kind: "hear"; readonly index: number; readonly word: Word };

const soon = fc.constantFrom(undefined, 5, 40, 300);
const steps = fc.array(
  fc.oneof<{ arbitrary: fc.Arbitrary<Step>; weight: number }[]>(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant("admit" as const),
        mask: fc.integer({ min: 1, max: 15 }),
        cost: fc.constantFrom(1, 1, 1, 2, 5),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant("pass" as const), ms: fc.constantFrom(1, 7, 33, 99, 260) }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("wait" as const) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("end" as const),
        index: fc.nat(20),
        how: fc.constantFrom("release" as const, "release" as const, "refund" as const, "forget" as const),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("hear" as const),
        index: fc.nat(3),
        word: fc.record({ hold: soon, remaining: fc.constantFrom(undefined, 0, 1, 4), reset: soon }),
      }),
    },
  ),
  { minLength: 5, maxLength: 60 },
);

/** A question whose answer says that all before it are answered. */
const nothing: StateKey = { tenant: "t", kind: "secret", id: "none" };

const admit = (mask: number, cost = 1): Step => ({ kind: "admit", mask, cost });
const end = (how: "release" | "refund"): Step => ({ kind: "end", index: 0, how });
const pass = (ms: number): Step => ({ kind: "pass", ms });
const wait: Step = { kind: "wait" };
const word = { hold: undefined, remaining: undefined, reset: undefined };
const rule: Rule = { limit: 3, intervalMs: 100, burst: 0, smooth: false, most: undefined };

/** Histories in which Redis once decided otherwise: always told first. */
const once: [Rule[], Step[]][] = [
  // One who is alone and has asked for much asks for less.
  [
    [{ ...rule, limit: 5 }],
    [{ kind: "hear", index: 0, word: { ...word, hold: 40, remaining: 1 } }, admit(1, 5), admit(1)],
  ],
  // A call that has ended, of which Redis has not heard, when a server says how many are left.
  [
    [rule],
    [
      ...[admit(1), admit(1), end("release")],
      ...[{ kind: "hear" as const, index: 0, word: { ...word, remaining: 1 } }, admit(1)],
    ],
  ],
  // An older start is given back than the one that the bucket was drained by last.
  [
    [{ ...rule, limit: 2, burst: 1, smooth: true }],
    [admit(1), pass(33), pass(33), admit(1), end("refund"), admit(1), admit(1), wait, admit(1)],
  ],
  // Starts that a refused question has found to have left the window of the other limit.
  [
    [
      { ...rule, limit: 4 },
      { ...rule, limit: 1, intervalMs: 1_000 },
    ],
    [
      ...[admit(1), pass(10), admit(1), pass(10), admit(1), pass(70), admit(1), admit(2), pass(25), admit(3)],
      ...[admit(1), admit(1), admit(1)],
    ],
  ],
];

interface Running {
  readonly limits: readonly (readonly [LimitObject, LimitObject])[];
  readonly cost: number;
  readonly starts: readonly [memory: number | undefined, redis: number | undefined];
  readonly since: number;
}

/** Both states on one clock, and the calls that both have admitted. */
class Pair {
  readonly running: Running[] = [];
  readonly #clock: FakeClock;
  readonly #memory: MemoryState;
  readonly #redis: RedisState;
  readonly #rules: readonly (readonly [LimitObject, LimitObject])[];
  /** When the last refusal says that it is worth asking again. */
  #again: number | undefined;

  constructor(clock: FakeClock, redis: RedisState, rules: readonly Rule[]) {
    this.#clock = clock;
    this.#memory = createMemoryState({ clock });
    this.#redis = redis;
    this.#rules = rules.map(({ most, ...rule }) => {
      const made: LimitObject = {
        ...rule,
        key: { tenant: "t", kind: "limit", id: randomUUID() },
        ...(most === undefined ? {} : { maxConcurrent: most }),
      };
      return [made, { ...made }];
    });
  }

  /** Whether the history can go on: false after a decision that hangs on a rounded microsecond. */
  async take(step: Step): Promise<boolean> {
    if (step.kind === "admit") return this.#admit(step.mask, step.cost);
    if (step.kind === "pass") await this.#pass(step.ms);
    if (step.kind === "wait" && this.#again !== undefined)
      await this.#pass(Math.max(0, this.#again - this.#clock.now() + slackMs));
    if (step.kind === "end") await this.#end(step.index, step.how);
    if (step.kind === "hear") await this.#hear(step.index, step.word);
    return true;
  }

  async #admit(mask: number, cost: number): Promise<boolean> {
    const chosen = this.#rules.filter((_rule, index) => (mask >> index) % 2 === 1);
    // A cost that no wait makes room for is refused before any state is asked.
    if (chosen.length === 0 || chosen.some(([{ limit, burst }]) => cost > limit + burst)) return true;
    const now = this.#clock.now();
    const one = this.#memory.admit(
      chosen.map(([limit]) => limit),
      cost,
    );
    const other = await this.#redis.admit(
      chosen.map(([, limit]) => limit),
      cost,
    );
    const isSmooth = chosen.some(([{ smooth }]) => smooth);
    const gap = gapOf(one, other, now);
    expect(gap, `${words(one)} in memory, ${words(other)} in Redis`).toBeLessThan(
      isSmooth ? 10 + slackMs : slackMs,
    );
    // What hangs on so little may go on differently in the one and in the other.
    if (one.admitted !== other.admitted || gap >= slackMs) return false;
    if (one.admitted && other.admitted)
      this.running.push({ limits: chosen, cost, starts: [one.at, other.at], since: now });
    else if (!one.admitted && Number.isFinite(one.at)) this.#again = one.at;
    return true;
  }

  /** In parts, each with an answer: the process says every three seconds that it lives, and waits 400 ms to be heard. */
  async #pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 200) {
      await this.#clock.advance(Math.min(left, 200));
      await this.#redis.getSecret(nothing);
    }
  }

  async #end(index: number, how: "release" | "refund" | "forget"): Promise<void> {
    const [call] = this.running.splice(index % Math.max(1, this.running.length), 1);
    if (call === undefined) return;
    const [one, other] = [call.limits.map(([limit]) => limit), call.limits.map(([, limit]) => limit)];
    const [at, otherAt] = how === "refund" ? call.starts : [undefined, undefined];
    if (how === "release") this.#memory.release(one);
    else this.#memory.refund(one, call.cost, at);
    if (how === "release") await this.#redis.release(other);
    else await this.#redis.refund(other, call.cost, otherAt);
  }

  async #hear(index: number, { hold, remaining, reset }: Word): Promise<void> {
    const rule = this.#rules[index % this.#rules.length];
    if (rule === undefined) return;
    const now = this.#clock.now();
    // Calls that outlive their window are in flight for memory, and not for Redis: they may be those of a dead process.
    for (let at = this.running.length - 1; at >= 0; at--)
      if (now - (this.running[at]?.since ?? now) >= rule[0].intervalMs) await this.#end(at, "release");
    const said: Said = {
      ...(hold === undefined ? {} : { holdUntil: now + hold }),
      ...(remaining === undefined ? {} : { remaining }),
      ...(reset === undefined ? {} : { resetAt: now + reset }),
    };
    this.#memory.feedback(rule[0], said);
    await this.#redis.feedback(rule[1], said);
  }
}

function words({ admitted, at }: Admission): string {
  return admitted ? "admitted" : `refused until ${at}`;
}

/**
 * By how many milliseconds the two differ: by rounded microseconds; on a smooth limit also by the 10 ms that it makes up
 * for whom it has refused, which memory forgets with what is idle.
 */
function gapOf(one: Admission, other: Admission, now: number): number {
  const [at, otherAt] = [one, other].map((answer) => (answer.admitted ? now : answer.at));
  return at === otherAt ? 0 : Math.abs(Number(at) - Number(otherAt));
}

describe.skipIf(!hasSomeRedis())("limits in Redis", () => {
  let server: SomeRedis;
  beforeAll(async () => {
    server = await someRedis();
  });
  afterAll(() => server.stop());

  test("decide as those in memory do, whatever is asked, ended, given back and heard", async () => {
    const clock = createFakeClock();
    const redis = await createRedisState({ url: server.url, keyPrefix: randomUUID(), clock, time: "clock" });
    let decided = 0;
    try {
      await fc.assert(
        fc.asyncProperty(limits, steps, async (rules, history) => {
          const pair = new Pair(clock, redis, rules);
          for (const step of history) {
            if (!(await pair.take(step))) break;
            decided++;
          }
          expect(redis.health()).toMatchObject({ up: true, changes: 0 });
        }),
        { numRuns: Number(process.env.RUNS ?? 120), seed: Number(process.env.SEED ?? 7), examples: once },
      );
    } finally {
      await redis.close();
    }
    // Histories that end early would show nothing.
    expect(decided).toBeGreaterThan(500);
  });
});
