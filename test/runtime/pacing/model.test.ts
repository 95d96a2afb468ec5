/** The pacer against naive limits, 500 random cases; 10,000 in the slow set. */
import fc from "fast-check";
import { describe, test } from "vitest";
import { crowdKeepsLimits, saturationUsesTheRate } from "./crowd-model.ts";
import { exactRefusals, exactStarts, soundRefusals } from "./lane-model.ts";

describe("one lane", () => {
  test("starts every request at the first moment that (a), (b) and its turn allow", async () => {
    await fc.assert(exactStarts(), { numRuns: 150 });
  });

  test("under one limit refuses at once exactly those whose turn comes after their deadline", async () => {
    await fc.assert(exactRefusals(), { numRuns: 75 });
  });

  test("refuses nobody at once whose turn comes in time, and everyone else by the deadline", async () => {
    await fc.assert(soundRefusals(), { numRuns: 75 });
  });
});

describe("several lanes", () => {
  test("keep every limit, lose nobody, and leave no head waiting that could start", async () => {
    await fc.assert(crowdKeepsLimits(), { numRuns: 150 });
  });

  test("use 95 % of a rate that all of them want, and no more than it", async () => {
    await fc.assert(saturationUsesTheRate(), { numRuns: 50 });
  });
});
