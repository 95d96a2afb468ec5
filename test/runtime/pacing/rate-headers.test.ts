import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  countIn,
  guessResetMs,
  refusedForMs,
  resetInMs,
  standardQuotas,
} from "../../../runtime/pacing/rate-headers.ts";
import type { ResponseHeaders } from "../../../runtime/ports.ts";

/** 2026-01-01T00:00:00Z. */
const wall = 1_767_225_600_000;

function headers(fields: Readonly<Record<string, string>>): ResponseHeaders {
  return {
    get: (name) => fields[name],
    setCookie: [],
    entries: () => Object.entries(fields),
  };
}

describe("a reset", () => {
  it.each([
    ["30", "seconds", 30_000],
    ["0.5", "seconds", 500],
    ["250", "milliseconds", 250],
    ["1767225630", "epoch_seconds", 30_000],
    ["1767225630.25", "epoch_seconds", 30_250],
    ["1767225630000", "epoch_milliseconds", 30_000],
    ["Thu, 01 Jan 2026 00:00:30 GMT", "date", 30_000],
    ["2026-01-01T00:00:30Z", "date", 30_000],
    ["1767225630", "seconds", 30_000],
    ["1767225630000", "seconds", 30_000],
    ["1767225500", "epoch_seconds", 0],
    ["-3", "seconds", undefined],
    ["soon", "seconds", undefined],
    ["", "epoch_seconds", undefined],
    ["12", "date", undefined],
  ] as const)("of %j in %s is %s ms away", (text, unit, ms) => {
    expect(resetInMs(text, unit, wall)).toBe(ms);
  });

  it.each([
    ["30", 30_000],
    ["1767225630", 30_000],
    ["1767225630123", 30_123],
    ["Thu, 01 Jan 2026 00:00:30 GMT", 30_000],
    ["2026-01-01T00:00:30+00:00", 30_000],
    ["1s", 1000],
    ["6m0s", 360_000],
    ["88ms", 88],
    ["1h2m3.5s", 3_723_500],
    ["never", undefined],
    ["", undefined],
  ])("of %j without a unit is %s ms away", (text, ms) => {
    expect(guessResetMs(text, wall)).toBe(ms);
  });
});

describe("the fields of the draft", () => {
  it.each([
    [
      "version 10",
      { ratelimit: '"burst";r=5;t=9', "ratelimit-policy": '"burst";q=100;w=60, "day";q=1000;w=86400' },
      [{ remaining: 5, resetMs: 9000, windowMs: 60_000 }],
    ],
    [
      "version 10, two quotas and names with commas",
      { ratelimit: '"a,b";r=5;t=9, "day";r=0;t=100', "ratelimit-policy": '"a,b";q=9;w=1, "day";q=9;w=86400' },
      [
        { remaining: 5, resetMs: 9000, windowMs: 1000 },
        { remaining: 0, resetMs: 100_000, windowMs: 86_400_000 },
      ],
    ],
    ["no policy", { ratelimit: '"default";r=50;t=30' }, [{ remaining: 50, resetMs: 30_000 }]],
    [
      "a policy in bytes",
      { ratelimit: '"x";r=50', "ratelimit-policy": '"x";q=65535;w=10;qu="content-bytes"' },
      [{ remaining: 50 }],
    ],
    [
      "version 7",
      { ratelimit: "limit=100, remaining=50, reset=30", "ratelimit-policy": "100;w=60" },
      [{ remaining: 50, resetMs: 30_000, windowMs: 60_000 }],
    ],
    [
      "version 6",
      { "ratelimit-limit": "100, 100;w=60", "ratelimit-remaining": "7", "ratelimit-reset": "30" },
      [{ remaining: 7, resetMs: 30_000, windowMs: 60_000 }],
    ],
    ["nothing", {}, []],
    ["nonsense", { ratelimit: ';;"=,==;r', "ratelimit-policy": ",,;" }, []],
  ])("of %s", (_, fields, quotas) => {
    expect(standardQuotas(headers(fields))).toEqual(
      quotas.map((quota) => ({ resetMs: undefined, windowMs: undefined, ...quota })),
    );
  });

  it("never throw, whatever they hold", () => {
    const text = fc.string({ unit: fc.constantFrom(...'";,=rtw 019.ab-'), maxLength: 60 });
    const property = fc.property(text, text, text, (ratelimit, policy, reset) => {
      const quotas = standardQuotas(headers({ ratelimit, "ratelimit-policy": policy }));
      for (const { remaining } of quotas) expect(remaining).toBeGreaterThanOrEqual(0);
      expect(guessResetMs(reset, wall) ?? 0).toBeGreaterThanOrEqual(0);
      expect(countIn(reset) ?? 0).toBeGreaterThanOrEqual(0);
    });
    fc.assert(property, { numRuns: 2000 });
  });
});

describe("a refusal without Retry-After", () => {
  it.each([
    [{ "retry-after-ms": "250" }, 250],
    [{ "x-ratelimit-reset": "1767225630" }, 30_000],
    [{ "x-rate-limit-reset": "12" }, 12_000],
    [{ "x-ratelimit-reset-after": "0.75", "x-ratelimit-reset": "1767225630" }, 750],
    [{}, undefined],
  ])("says %j: %s ms", (fields, ms) => {
    expect(refusedForMs(headers(fields), wall)).toBe(ms);
  });
});
