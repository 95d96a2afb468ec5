import { expect, test } from "vitest";
import { createFakeClock } from "../../../runtime/testing/index.ts";
import type { KeptUpstream } from "../../../runtime/upstream/upstream.ts";
import { UpstreamPool } from "../../../runtime/upstream/upstream-pool.ts";

function staged() {
  const clock = createFakeClock();
  const pool = new UpstreamPool(clock);
  const ended: string[] = [];
  const reach = (key: string) => {
    let tell: (until: number) => void = () => {};
    const kept = pool.of(key, (used) => {
      const made: KeptUpstream = {
        upstream: { job: () => Promise.reject(new Error("none")), tools: async () => [] },
        transport: {} as KeptUpstream["transport"],
        rest: async () => void ended.push(`${key} rests`),
        close: async () => void ended.push(`${key} closes`),
      };
      tell = (until) => used(made, until);
      return made;
    });
    return { kept, call: (until: number) => tell(until) };
  };
  return { clock, pool, ended, reach };
}

test("a process that connects for ever keeps what was used in the last five minutes, and nothing else", async () => {
  const { clock, pool, ended, reach } = staged();
  for (let account = 0; account < 1_000; account++) {
    reach(`account ${account}`);
    await clock.advance(30_000);
  }
  expect(pool.size).toBe(10);
  expect(ended).toHaveLength(990);
  await pool.close();
  expect(ended.slice(990)).toEqual(Array.from({ length: 10 }, (_, at) => `account ${990 + at} closes`));
  expect(pool.size).toBe(0);
});

test("a call that takes longer is not ended under its caller", async () => {
  const { clock, ended, reach } = staged();
  reach("slow").call(clock.now() + 900_000);
  await clock.advance(600_000);
  reach("another");
  expect(ended).toEqual([]);
  await clock.advance(299_999);
  reach("another");
  expect(ended).toEqual([]);
  await clock.advance(1);
  reach("another");
  expect(ended).toEqual(["slow rests"]);
});

test("what rests and is used again is closed with the rest", async () => {
  const { clock, pool, ended, reach } = staged();
  const first = reach("one");
  await clock.advance(300_000);
  reach("two");
  expect(ended).toEqual(["one rests"]);
  const second = reach("one");
  expect(second.kept).not.toBe(first.kept);
  first.call(0);
  await pool.close();
  expect(ended.slice(1).sort()).toEqual(["one closes", "one closes", "two closes"]);
});
