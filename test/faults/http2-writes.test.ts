import { expect, it } from "vitest";
import { runWrites } from "./http2-writes.ts";

const given = process.env.FAULT_SEED;
const first = given === undefined ? Date.now() % 1_000_000_000 : Number(given);

it(`writes over HTTP/2 are done once, or not at all (seeds from ${first})`, async () => {
  const report = await runWrites(
    [0, 1, 2].map((n) => first + n),
    50,
  );
  expect(report.broken).toEqual([]);
  // Else it would prove nothing.
  expect([report.faulted > 20, report.fine > 20, report.mended > 0]).toEqual([true, true, true]);
});
