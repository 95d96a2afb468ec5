/**
 * Properties of many lanes at once: 1 to 5 limits a call, costs, running calls, three priorities, tenants, aborts,
 * refunds, what servers say, a clock that leaps and steps back, timers that are late.
 */
import fc from "fast-check";
import { expect } from "vitest";
import { createPacer, type Grant } from "../../../runtime/pacing/pacer.ts";
import { priorities } from "../../../runtime/pacing/priority.ts";
import type { LimitObject } from "../../../runtime/ports.ts";
import { createMemoryState } from "../../../runtime/state/memory-state.ts";
import { capacity, hasBucket } from "../../../schema/language/limits.ts";
import { affordable } from "./lane-model.ts";
import { NaiveLimit } from "./naive-limit.ts";
import { type Asked, bench, limitObject } from "./support.ts";

const near = 1e-6;

const rules = fc.array(
  fc.record({
    limit: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(300)),
    intervalMs: fc.constantFrom(100, 250, 1000),
    burst: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 8 })),
    smooth: fc.boolean(),
    running: fc.oneof(fc.constant(undefined), fc.integer({ min: 1, max: 4 })),
    isShared: fc.boolean(),
  }),
  { minLength: 1, maxLength: 5 },
);

const arrival = fc.record({
  kind: fc.constant("arrival" as const),
  gap: fc.integer({ min: 0, max: 60 }),
  mask: fc.integer({ min: 1, max: 31 }),
  cost: fc.integer({ min: 1, max: 4 }),
  lasts: fc.integer({ min: 0, max: 300 }),
  fate: fc.constantFrom("ends", "ends", "ends", "unsent", "aborted"),
  priority: fc.constantFrom(...priorities),
  tenant: fc.constantFrom("a", "b"),
});

const word = fc.record({
  kind: fc.constant("word" as const),
  which: fc.nat(4),
  hold: fc.oneof(fc.constant(undefined), fc.integer({ min: -50, max: 800 })),
  remaining: fc.oneof(fc.constant(undefined), fc.integer({ min: 0, max: 6 })),
  reset: fc.integer({ min: 0, max: 800 }),
});

const step = fc.record({ kind: fc.constant("step" as const), ms: fc.integer({ min: -500, max: 500 }) });

const events = fc.array(
  fc.oneof(
    { weight: 10, arbitrary: arrival },
    { weight: 1, arbitrary: word },
    { weight: 1, arbitrary: step },
  ),
  { minLength: 1, maxLength: 60 },
);

type Generated<T> = T extends fc.Arbitrary<infer Value> ? Value : never;
type Arrival = Generated<typeof arrival>;
type Word = Generated<typeof word>;

/** One limit with all that is known to bound it. */
class Watched {
  readonly object: LimitObject;
  readonly naive: NaiveLimit;
  readonly running = new Set<Run>();
  /** No start lies in one of these stretches. */
  readonly holds: { readonly from: number; readonly until: number }[] = [];
  /** So many units at most start in each. */
  readonly caps: { readonly from: number; until: number; readonly units: number }[] = [];

  constructor(object: LimitObject) {
    this.object = object;
    this.naive = new NaiveLimit(object);
  }

  violations(): string[] {
    const found = this.naive.violations();
    const inside = (from: number, until: number): number =>
      this.naive.starts.reduce(
        (sum, { at, cost }) => (at > from + near && at < until - near ? sum + cost : sum),
        0,
      );
    for (const { from, until } of this.holds)
      if (inside(from, until) > 0) found.push(`a start between ${from} and ${until}, which was held`);
    for (const { from, until, units } of this.caps)
      if (inside(from, until) > units) found.push(`more than the ${units} that remained after ${from}`);
    return found;
  }
}

/** A request on its way. */
interface Run {
  isUnsent: boolean;
}

interface Called {
  readonly asked: Asked;
  readonly lane: readonly Watched[];
  readonly laneName: string;
  readonly cost: number;
  readonly since: number;
}

/** A pacer at work, with a clock that only ever goes forward beside the one that the pacer sees. */
class Crowd {
  readonly world = bench();
  readonly limits: readonly Watched[];
  readonly all: Called[] = [];
  /** Names of the lanes in the order of their starts, with the order of arrival. */
  readonly started: { readonly laneName: string; readonly index: number }[] = [];
  readonly #isShared: readonly boolean[];
  #steppedBack = 0;

  constructor(given: Generated<typeof rules>) {
    this.#isShared = given.map(({ isShared }) => isShared);
    this.limits = given.map(({ running, isShared, ...rule }, index) => {
      const concurrent = running === undefined ? {} : { maxConcurrent: running };
      const tenant = isShared ? "*" : "all";
      return new Watched(limitObject({ ...rule, id: `limit ${index}`, tenant, ...concurrent }));
    });
  }

  get now(): number {
    return this.world.clock.now() + this.#steppedBack;
  }

  async step(ms: number): Promise<void> {
    this.world.clock.jump(ms);
    if (ms < 0) this.#steppedBack -= ms;
    await this.world.clock.advance(0);
  }

  hear({ which, hold, remaining, reset }: Word): void {
    const limit = this.limits[which % this.limits.length];
    // The answer to a request that was sent.
    const [bringer] = limit?.running ?? [];
    if (limit === undefined || bringer === undefined) return;
    bringer.isUnsent = false;
    const { clock, pacer } = this.world;
    const now = this.now;
    if (hold !== undefined && hold > 0) limit.holds.push({ from: now, until: now + hold });
    if (remaining !== undefined && reset > 0) {
      // A period that begins anew takes the place of the one before.
      for (const cap of limit.caps) cap.until = Math.min(cap.until, now);
      limit.caps.push({ from: now, until: now + reset, units: remaining });
    }
    pacer.feedback(limit.object, {
      ...(hold === undefined ? {} : { holdUntil: clock.now() + hold }),
      ...(remaining === undefined ? {} : { remaining, resetAt: clock.now() + reset }),
    });
  }

  call({ mask, cost: wanted, lasts, fate, priority, tenant }: Arrival): void {
    const { clock, pacer } = this.world;
    const chosen = this.limits.filter((_, index) => (mask >> index) & 1);
    const lane = chosen.length > 0 ? chosen : this.limits.slice(0, 1);
    const objects = lane.map(({ object }) => object);
    const cost = affordable(objects, wanted);
    // Whoever has a limit of its own is one tenant here; the shared ones are everybody's.
    const ownsSome = lane.some((limit) => !this.#isShared[this.limits.indexOf(limit)]);
    const owner = ownsSome ? "all" : tenant;
    const controller = new AbortController();
    const asked: Asked = { abort: () => controller.abort() };
    const index = this.all.length;
    const laneName = JSON.stringify([owner, priority, objects.map(({ key }) => key.id)]);
    this.all.push({ asked, lane, laneName, cost, since: this.now });
    const started = (grant: Grant): void => {
      asked.startedAt = this.now;
      this.started.push({ laneName, index });
      this.#run(lane, cost, lasts, fate === "unsent", grant);
    };
    const answer = pacer.acquire(pacer.lane(objects, owner), {
      cost,
      deadline: Number.POSITIVE_INFINITY,
      signal: controller.signal,
      priority,
    });
    if (!(answer instanceof Promise)) {
      started(answer);
      return;
    }
    answer.then(started, (error) => {
      asked.error = error;
    });
    if (fate === "aborted") clock.timer(lasts, () => controller.abort());
  }

  #run(lane: readonly Watched[], cost: number, lasts: number, isUnsent: boolean, grant: Grant): void {
    const start = { at: this.now, cost };
    const run: Run = { isUnsent };
    for (const limit of lane) {
      limit.running.add(run);
      expect(limit.running.size).toBeLessThanOrEqual(limit.object.maxConcurrent ?? Number.POSITIVE_INFINITY);
      limit.naive.starts.push(start);
    }
    this.world.clock.timer(lasts, () => {
      for (const limit of lane) limit.running.delete(run);
      if (!run.isUnsent) {
        grant.release();
        return;
      }
      for (const { naive } of lane) naive.starts = naive.starts.filter((other) => other !== start);
      grant.refund();
    });
  }

  /** Heads of lanes must lack room in one of their limits, unless somebody is past its window and reserves. */
  expectNoIdleRoom(): void {
    const heads = new Map<string, Called>();
    for (const one of this.all) if (isWaiting(one) && !heads.has(one.laneName)) heads.set(one.laneName, one);
    const longest = (lane: readonly Watched[]): number => Math.max(...lane.map((l) => l.object.intervalMs));
    if ([...heads.values()].some(({ lane, since }) => this.now - since >= longest(lane))) return;
    for (const { lane, cost } of heads.values()) {
      const isBlocked = lane.some((limit) => this.#mayRefuse(limit, cost));
      expect(isBlocked, `a head of cost ${cost} waits at ${this.now} though there is room`).toBe(true);
    }
  }

  #mayRefuse({ object, naive, running, holds, caps }: Watched, cost: number): boolean {
    // Slots, smooth catching up and the ramp after a word of the server are judged elsewhere.
    if (capacity(object) > 256 || object.smooth || holds.length + caps.length > 0) return true;
    if (running.size >= (object.maxConcurrent ?? Number.POSITIVE_INFINITY) || this.#steppedBack > 0)
      return true;
    return naive.earliest(cost, this.now) > this.now - (hasBucket(object) ? near : 0);
  }
}

function isWaiting({ asked }: Called): boolean {
  return asked.startedAt === undefined && asked.error === undefined;
}

/** Every limit is kept, nobody is lost or passed in its lane, and no head waits that could start. */
export function crowdKeepsLimits(): fc.IAsyncPropertyWithHooks<unknown[]> {
  return fc.asyncProperty(rules, events, async (given, all) => {
    const crowd = new Crowd(given);
    const { clock, pacer } = crowd.world;
    for (const event of all) {
      if (event.kind === "step") await crowd.step(event.ms);
      else if (event.kind === "word") crowd.hear(event);
      else {
        await clock.advance(event.gap);
        crowd.call(event);
        await clock.advance(0);
      }
      crowd.expectNoIdleRoom();
    }
    await clock.advance(200_000);
    expect(crowd.all.filter(isWaiting)).toEqual([]);
    for (const limit of crowd.limits) expect(limit.violations()).toEqual([]);
    const latest = new Map<string, number>();
    for (const { laneName, index } of crowd.started) {
      expect(index, "first come, first served").toBeGreaterThan(latest.get(laneName) ?? -1);
      latest.set(laneName, index);
    }
    expect(pacer.inspect()).toEqual([]);
    expect(clock.pending()).toBe(0);
  });
}

const saturated = fc.record({
  limit: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 200, max: 400 })),
  intervalMs: fc.constantFrom(200, 1000, 3000),
  burst: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 60 })),
  smooth: fc.boolean(),
  windows: fc.integer({ min: 3, max: 6 }),
  lateMs: fc.integer({ min: 0, max: 3 }),
  lanes: fc.integer({ min: 1, max: 4 }),
});

/** Under saturation at least 95 % of the rate is used, in the long run no more than it, with timers that are late. */
export function saturationUsesTheRate(): fc.IAsyncPropertyWithHooks<unknown[]> {
  return fc.asyncProperty(saturated, async ({ windows, lateMs, lanes, ...rule }) => {
    const { clock: exact } = bench();
    let timers = 0;
    const clock = {
      ...exact,
      timer: (ms: number, fire: () => void) => exact.timer(ms + (timers++ % 2 === 0 ? lateMs : 0), fire),
    };
    const pacer = createPacer({ state: createMemoryState({ clock }), clock });
    const limit = limitObject(rule);
    const naive = new NaiveLimit(limit);
    const start = exact.now();
    const wanted = rule.limit * windows + capacity(rule);
    for (let index = 0; index < wanted; index++) {
      const own = limitObject({ id: `own ${index % lanes}`, limit: 1_000_000 });
      const answer = pacer.acquire(pacer.lane([limit, own], "tenant"), {
        cost: 1,
        deadline: Number.POSITIVE_INFINITY,
      });
      // Those who still wait at the end are told that it is over.
      Promise.resolve(answer).then(
        () => naive.starts.push({ at: exact.now(), cost: 1 }),
        () => undefined,
      );
    }
    await exact.advance(rule.intervalMs * windows - 0.001);
    const count = naive.starts.filter(({ at }) => at < start + rule.intervalMs * windows).length;
    expect(count).toBeGreaterThanOrEqual(Math.floor(0.95 * rule.limit * windows));
    // What a full bucket gives at the beginning is given once.
    expect(count).toBeLessThanOrEqual(rule.limit * windows + (rule.burst > 0 ? capacity(rule) : 0));
    expect(naive.violations()).toEqual([]);
    pacer.close();
  });
}
