/** `FAULT_SEED=7` begins with that seed; `npm run faults` makes more of them. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { runWrites } from "./http2-writes.ts";

const given = process.env.FAULT_SEED;
const first = given === undefined ? Date.now() % 1_000_000_000 : Number(given);

const rejections: unknown[] = [];
const note = (reason: unknown): void => void rejections.push(reason);
beforeAll(() => void process.on("unhandledRejection", note));
afterAll(() => void process.off("unhandledRejection", note));

it(`2,000 writes over HTTP/2 are done once, or not at all (seeds from ${first})`, async () => {
  const report = await runWrites(
    Array.from({ length: 40 }, (_, n) => first + n),
    50,
  );
  expect(report.broken).toEqual([]);
  expect(rejections).toEqual([]);
  expect([report.faulted > 400, report.fine > 200, report.mended > 20]).toEqual([true, true, true]);
});
