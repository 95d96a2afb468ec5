/** The pacer against naive limits: 10,000 random cases. */
import fc from "fast-check";
import { describe, test } from "vitest";
import { crowdKeepsLimits, saturationUsesTheRate } from "./crowd-model.ts";
import { exactRefusals, exactStarts, soundRefusals } from "./lane-model.ts";

describe("one lane", () => {
  test("starts every request at the first moment that (a), (b) and its turn allow", async () => {
    await fc.assert(exactStarts(), { numRuns: 3_000 });
  });

  test("refuses at once exactly those whose turn comes too late under one limit, and nobody else under several", async () => {
    await fc.assert(exactRefusals(), { numRuns: 1_500 });
    await fc.assert(soundRefusals(), { numRuns: 1_500 });
  });
});

describe("several lanes", () => {
  test("keep every limit, lose nobody, and leave no head waiting that could start", async () => {
    await fc.assert(crowdKeepsLimits(), { numRuns: 3_500 });
  });

  test("use 95 % of a rate that all of them want, and no more than it", async () => {
    await fc.assert(saturationUsesTheRate(), { numRuns: 500 });
  });
});
