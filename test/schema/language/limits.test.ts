import { describe, expect, test } from "vitest";
import {
  capacity,
  hasBucket,
  leastSpanMs,
  limitFaults,
  narrowest,
  neverStarts,
  ruleOf,
  selectLimits,
  slotMs,
} from "../../../schema/language/limits.ts";

const jira = { limit: 100, intervalMs: 60_000, burst: 20, smooth: false };
const plain = { limit: 10, intervalMs: 1000, burst: 0, smooth: false };

test("a limit of the IR becomes a rule in milliseconds", () => {
  const limit = {
    scope: "per_account",
    limit: 100,
    interval_seconds: 60,
    burst: 20,
    smooth: false,
    includes_auth: false,
    shared: false,
    on_state_loss: "share",
  } as const;
  expect(ruleOf(limit)).toEqual(jira);
  expect(ruleOf({ ...limit, max_concurrent: 3 })).toEqual({ ...jira, maxConcurrent: 3 });
});

describe("the rule", () => {
  test("lets limit + burst start in one window, and a dearer request never", () => {
    expect(capacity(jira)).toBe(120);
    expect(neverStarts(jira, 120)).toBe(false);
    expect(neverStarts(jira, 121)).toBe(true);
    expect(neverStarts(jira, Number.NaN)).toBe(true);
  });

  test("has a bucket where burst is declared or pacing is smooth", () => {
    expect([hasBucket(plain), hasBucket(jira), hasBucket({ ...plain, smooth: true })]).toEqual([
      false,
      true,
      true,
    ]);
  });

  test("spreads many units over windows, and over the refill of a bucket", () => {
    expect([1, 10, 11, 20, 21].map((units) => leastSpanMs(plain, units))).toEqual([0, 0, 1000, 1000, 2000]);
    expect([120, 121, 240].map((units) => leastSpanMs(jira, units))).toEqual([0, 60_000, 72_000]);
    expect([1, 2, 10].map((units) => leastSpanMs({ ...plain, smooth: true }, units))).toEqual([0, 100, 900]);
  });

  test("keeps every stamp up to 256 units, slots of 1/128 above", () => {
    expect(slotMs({ ...plain, limit: 256 })).toBe(0);
    expect(slotMs({ ...plain, limit: 200, burst: 57 })).toBe(1000 / 128);
  });
});

test("faults are told one by one", () => {
  expect(limitFaults(jira)).toEqual([]);
  expect(limitFaults({ limit: 0, intervalMs: 0, burst: -1, smooth: false, maxConcurrent: 0.5 })).toEqual([
    "limit must be a whole number of at least 1",
    "interval_seconds must be greater than 0",
    "burst must be a whole number of at least 0",
    "max_concurrent must be a whole number of at least 1",
  ]);
});

describe("the limits of an operation", () => {
  const limits = [
    { scope: "per_account" },
    { scope: "per_user" },
    { scope: "per_user", name: "search" },
    { scope: "per_account", name: "per_user" },
  ];

  test("are all unnamed ones without a reference", () => {
    expect(selectLimits(limits, undefined)).toEqual({ indexes: [0, 1], unknown: [] });
  });

  test("are those of the name, else all unnamed ones of the scope", () => {
    expect(selectLimits(limits, ["search"]).indexes).toEqual([2]);
    expect(selectLimits(limits, ["per_account", "search"]).indexes).toEqual([0, 2]);
    expect(selectLimits(limits, ["per_user"]).indexes).toEqual([3]);
    expect(selectLimits(limits, ["per_token"])).toEqual({ indexes: [], unknown: ["per_token"] });
  });
});

test("the narrowest limit has the shortest interval, then the smallest capacity", () => {
  const fast = { ...plain, limit: 50 };
  expect(narrowest([jira, fast, plain])).toBe(plain);
  expect(narrowest([])).toBeUndefined();
});
