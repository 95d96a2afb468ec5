/** Faults by chance, over calls that share a runtime. `FAULT_SEED=7` runs one schedule again; `npm run faults` makes more. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { runSchedules } from "./schedule.ts";

const given = process.env.FAULT_SEED;
const first = Date.now() % 1_000_000_000;
const seeds = (count: number): readonly number[] =>
  given === undefined ? Array.from({ length: count }, (_, n) => first + n) : [Number(given)];

const rejections: unknown[] = [];
const note = (reason: unknown): void => void rejections.push(reason);
beforeAll(() => void process.on("unhandledRejection", note));
afterAll(() => void process.off("unhandledRejection", note));

it(`200 schedules of 20 calls break no promise (seeds from ${first})`, async () => {
  const report = await runSchedules(seeds(200), { calls: 20 });
  expect(report.broken).toEqual([]);
  expect(rejections).toEqual([]);
  // Else the schedules would prove nothing.
  expect([report.faulted > report.calls / 2, report.fine > report.calls / 20]).toEqual([true, true]);
});

it(`2,000 writes under faults arrive once each, or under one key (seeds from ${first})`, async () => {
  const report = await runSchedules(seeds(40), { calls: 50, methods: ["POST", "POST with key"] });
  expect(report.broken).toEqual([]);
  expect(rejections).toEqual([]);
  expect(report.faulted > report.calls / 2).toBe(true);
});
