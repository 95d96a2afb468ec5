/** What every state must do, as cases that any test runner can run: each throws where the state breaks its word. */
import assert from "node:assert/strict";
import type { Admission, Lease, LimitObject, State, StateKey } from "../ports.ts";
import type { FakeClock } from "./clock.ts";

/** A fresh, empty state on a fake clock. */
export interface StateUnderTest {
  readonly state: State;
  readonly clock: FakeClock;
  close(): Promise<void>;
}

export interface StateCase {
  readonly name: string;
  run(): Promise<void>;
}

/** One call per case makes its own state. */
export function stateContract(make: () => Promise<StateUnderTest>): StateCase[] {
  return cases.map(({ name, check }) => ({
    name,
    run: async () => {
      const made = await make();
      try {
        await check(made.state, made.clock);
      } finally {
        await made.close();
      }
    },
  }));
}

interface Case {
  readonly name: string;
  readonly check: (state: State, clock: FakeClock) => Promise<void>;
}

const limit = (fields: Partial<LimitObject> = {}): LimitObject => ({
  key: { tenant: "t", kind: "limit", id: "l" },
  limit: 2,
  intervalMs: 1000,
  burst: 0,
  smooth: false,
  ...fields,
});

const other = (fields: Partial<LimitObject> = {}): LimitObject =>
  limit({ key: { tenant: "t", kind: "limit", id: "other" }, ...fields });

const secret = (id = "s", tenant = "t"): StateKey => ({ tenant, kind: "secret", id });
const leaseKey = (id = "s", tenant = "t"): StateKey => ({ tenant, kind: "lease", id });
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (value: Uint8Array | undefined): string | undefined =>
  value === undefined ? undefined : new TextDecoder().decode(value);

async function admitted(
  state: State,
  limits: readonly LimitObject[],
  cost = 1,
): Promise<Admission & { admitted: true }> {
  const answer = await state.admit(limits, cost);
  assert.ok(answer.admitted, "should be admitted");
  return answer;
}

async function refused(
  state: State,
  limits: readonly LimitObject[],
  cost = 1,
): Promise<Admission & { admitted: false }> {
  const answer = await state.admit(limits, cost);
  assert.ok(!answer.admitted, "should be refused");
  return answer;
}

async function leased(state: State, key: StateKey, ttlMs: number): Promise<Lease> {
  const lease = await state.lease(key, ttlMs);
  assert.ok(lease !== undefined, "should get the lease");
  return lease;
}

const limitCases: readonly Case[] = [
  {
    name: "admits up to the limit and says when to come back",
    check: async (state, clock) => {
      const start = clock.now();
      await admitted(state, [limit()]);
      await clock.advance(400);
      await admitted(state, [limit()]);
      const answer = await refused(state, [limit()]);
      assert.ok(
        answer.at >= start + 1000 && answer.at <= start + 1000 + 1000 / 128,
        `comes back at ${answer.at}`,
      );
      assert.equal(answer.blockedBy.key.id, "l");
      await clock.advance(answer.at - clock.now());
      await admitted(state, [limit()]);
      await refused(state, [limit()]);
    },
  },
  {
    name: "takes from all limits or from none",
    check: async (state) => {
      await admitted(state, [other({ limit: 1 })]);
      const answer = await refused(state, [limit(), other({ limit: 1 })]);
      assert.equal(answer.blockedBy.key.id, "other");
      await admitted(state, [limit()], 2);
    },
  },
  {
    name: "with a burst keeps the bucket's rate after the first window",
    check: async (state, clock) => {
      const bursting = limit({ burst: 2 });
      await admitted(state, [bursting], 4);
      await clock.advance(1000);
      await admitted(state, [bursting], 2);
      await refused(state, [bursting]);
      await clock.advance(500);
      await admitted(state, [bursting]);
    },
  },
  {
    name: "gives a refunded start back",
    check: async (state) => {
      const first = await admitted(state, [limit()], 2);
      await state.refund([limit()], 2, first.at);
      await admitted(state, [limit()], 2);
      await refused(state, [limit()]);
    },
  },
  {
    name: "bounds what runs at the same time until it is released or refunded",
    check: async (state) => {
      const narrow = limit({ limit: 100, maxConcurrent: 2 });
      await admitted(state, [narrow]);
      const second = await admitted(state, [narrow]);
      await refused(state, [narrow]);
      await state.release([narrow]);
      await admitted(state, [narrow]);
      await refused(state, [narrow]);
      await state.refund([narrow], 1, second.at);
      await admitted(state, [narrow]);
    },
  },
  {
    name: "holds a limit as the server says, for at most an hour",
    check: async (state, clock) => {
      await state.feedback(limit(), { holdUntil: clock.now() + 5000 });
      const answer = await refused(state, [limit()]);
      assert.ok(answer.at >= clock.now() + 4900, "waits for the server's time");
      await state.feedback(limit(), { holdUntil: clock.now() + 86_400_000 });
      await clock.advance(3_600_001);
      await admitted(state, [limit()]);
    },
  },
  {
    name: "caps a period by what the server says remains, never above the rule",
    check: async (state, clock) => {
      const wide = limit({ limit: 10 });
      await state.feedback(wide, { remaining: 1, resetAt: clock.now() + 700 });
      await admitted(state, [wide]);
      await refused(state, [wide]);
      await clock.advance(701);
      await admitted(state, [wide], 9);
      await state.feedback(wide, { remaining: 500, resetAt: clock.now() + 700 });
      await refused(state, [wide]);
    },
  },
  {
    name: "lets starts come back slowly after a hold, and keeps the least that was said of a period",
    check: async (state, clock) => {
      const wide = limit({ limit: 100 });
      await state.feedback(wide, { holdUntil: clock.now() + 1000 });
      await clock.advance(1000);
      await admitted(state, [wide]);
      await refused(state, [wide], 50);
      await clock.advance(1100);
      await state.feedback(wide, { remaining: 3, resetAt: clock.now() + 5000 });
      await state.feedback(wide, { remaining: 9, resetAt: clock.now() + 5000 });
      await refused(state, [wide], 4);
      await admitted(state, [wide], 2);
    },
  },
  {
    name: "counts a cost in one piece, and admits none above the capacity",
    check: async (state, clock) => {
      const wide = limit({ limit: 3, burst: 1 });
      const dear = await refused(state, [wide], 5);
      assert.equal(dear.at, Number.POSITIVE_INFINITY);
      await admitted(state, [wide], 3);
      await refused(state, [wide], 2);
      await admitted(state, [wide], 1);
      await clock.advance(1000 + 1000 / 128);
      await admitted(state, [wide], 3);
    },
  },
  {
    name: "spreads the starts of a smooth limit",
    check: async (state, clock) => {
      const smooth = limit({ limit: 10, smooth: true });
      const start = clock.now();
      await admitted(state, [smooth]);
      const answer = await refused(state, [smooth]);
      const wait = answer.at - start;
      assert.ok(wait >= 100 - 1000 / 128 && wait <= 100 + 1000 / 128, `waits ${wait} ms`);
    },
  },
  {
    name: "takes two objects of one key for one limit",
    check: async (state) => {
      await admitted(state, [limit()]);
      await admitted(state, [limit()]);
      await refused(state, [limit()]);
    },
  },
  {
    name: "without the time of a refunded start lets nobody start too early",
    check: async (state, clock) => {
      const start = clock.now();
      await admitted(state, [limit()]);
      await clock.advance(500);
      await admitted(state, [limit()]);
      await state.refund([limit()], 1);
      await admitted(state, [limit()]);
      const answer = await refused(state, [limit()]);
      assert.ok(answer.at >= start + 1500, `comes back at ${answer.at - start}`);
    },
  },
  {
    name: "keeps tenants apart, even under one id and in one group",
    check: async (state) => {
      for (const group of [{}, { group: "g" }]) {
        const id = `l${Object.keys(group)}`;
        const own = limit({ key: { tenant: "t", kind: "limit", id }, ...group });
        const foreign = limit({ key: { tenant: "u", kind: "limit", id }, ...group });
        await admitted(state, [own], 2);
        await refused(state, [own]);
        await admitted(state, [foreign], 2);
        await refused(state, [foreign]);
        await refused(state, [own]);
      }
    },
  },
  {
    name: "reports what is used, running and held",
    check: async (state, clock) => {
      await admitted(state, [limit({ burst: 3 })]);
      await state.feedback(limit({ burst: 3 }), { holdUntil: clock.now() + 500 });
      const report = await state.inspect();
      const [one] = report.limits;
      assert.equal(report.limits.length, 1);
      assert.deepEqual([one?.id, one?.used, one?.capacity, one?.running], ["l", 1, 5, 1]);
      assert.ok((one?.heldUntil ?? 0) > clock.now());
    },
  },
];

const secretCases: readonly Case[] = [
  {
    name: "writes a secret only over the fence that was read",
    check: async (state) => {
      assert.equal(await state.getSecret(secret()), undefined);
      const first = await state.compareAndSet(secret(), 0, bytes("one"), undefined);
      assert.ok(first !== undefined && first > 0);
      assert.equal(await state.compareAndSet(secret(), 0, bytes("two"), undefined), undefined);
      const second = await state.compareAndSet(secret(), first, bytes("two"), undefined);
      assert.ok(second !== undefined && second > first);
      assert.equal(await state.compareAndSet(secret(), first, bytes("three"), undefined), undefined);
      const kept = await state.getSecret(secret());
      assert.deepEqual([text(kept?.value), kept?.fence], ["two", second]);
    },
  },
  {
    name: "deletes a secret, and counts its fence on from there",
    check: async (state) => {
      const first = (await state.compareAndSet(secret(), 0, bytes("one"), undefined)) ?? 0;
      assert.ok((await state.compareAndSet(secret(), first, undefined, undefined)) !== undefined);
      assert.equal(await state.getSecret(secret()), undefined);
      const again = await state.compareAndSet(secret(), 0, bytes("two"), undefined);
      assert.ok(again !== undefined && again > first);
    },
  },
  {
    name: "forgets a secret at the end of its life",
    check: async (state, clock) => {
      await state.compareAndSet(secret(), 0, bytes("one"), 1000);
      await clock.advance(999);
      assert.equal(text((await state.getSecret(secret()))?.value), "one");
      await clock.advance(2);
      assert.equal(await state.getSecret(secret()), undefined);
      assert.ok((await state.compareAndSet(secret(), 0, bytes("two"), 1000)) !== undefined);
    },
  },
  {
    name: "keeps secrets of tenants apart, and its own copy of the bytes",
    check: async (state) => {
      const value = bytes("mine");
      await state.compareAndSet(secret("s", "t"), 0, value, undefined);
      value.fill(0);
      assert.equal(await state.getSecret(secret("s", "u")), undefined);
      const read = await state.getSecret(secret("s", "t"));
      assert.equal(text(read?.value), "mine");
      read?.value.fill(0);
      assert.equal(text((await state.getSecret(secret("s", "t")))?.value), "mine");
    },
  },
];

const leaseCases: readonly Case[] = [
  {
    name: "gives a lease to one owner until it is released",
    check: async (state) => {
      const lease = await leased(state, leaseKey(), 1000);
      assert.equal(await state.lease(leaseKey(), 1000), undefined);
      assert.equal(await lease.owned(), true);
      await lease.release();
      assert.equal(await lease.owned(), false);
      await leased(state, leaseKey(), 1000);
    },
  },
  {
    name: "ends a lease that is not renewed, and its owner can tell",
    check: async (state, clock) => {
      const dead = await leased(state, leaseKey(), 1000);
      await clock.advance(600);
      assert.equal(await dead.renew(1000), true);
      await clock.advance(600);
      assert.equal(await state.lease(leaseKey(), 1000), undefined);
      await clock.advance(401);
      const next = await leased(state, leaseKey(), 1000);
      assert.deepEqual([await dead.owned(), await dead.renew(1000)], [false, false]);
      await dead.release();
      assert.equal(await next.owned(), true, "a late release takes nothing from the new owner");
    },
  },
  {
    name: "tells subscribers of a write, of a release and of a lease's end",
    check: async (state, clock) => {
      let told = 0;
      const stop = state.subscribe(secret(), () => {
        told++;
      });
      await state.compareAndSet(secret(), 0, bytes("one"), undefined);
      await clock.advance(50);
      assert.equal(told, 1);
      await (await leased(state, leaseKey(), 1000)).release();
      await clock.advance(50);
      assert.equal(told, 2);
      await leased(state, leaseKey(), 1000);
      await clock.advance(1100);
      assert.equal(told, 3);
      stop();
      await state.compareAndSet(
        secret("s"),
        (await state.getSecret(secret()))?.fence ?? 0,
        bytes("x"),
        undefined,
      );
      await clock.advance(50);
      assert.equal(told, 3);
    },
  },
];

const cases: readonly Case[] = [...limitCases, ...secretCases, ...leaseCases];
