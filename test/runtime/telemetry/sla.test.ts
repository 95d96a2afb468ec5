import { afterEach, describe, expect, it } from "vitest";
import { LatencyHistogram } from "../../../runtime/telemetry/latency-histogram.ts";
import { SlaMeter, SlaMeters } from "../../../runtime/telemetry/sla.ts";
import { createFakeClock, json, sequence, status } from "../../../runtime/testing/index.ts";
import { type Line, line, operation } from "../../support/line.ts";

let made: Line | undefined;
afterEach(() => made?.close());

const minute = 60_000;
const sla = { availability_percentage: 99.9, latency_ms_p95: 100 };

describe("a histogram of latencies", () => {
  it("gives quantiles at most a bucket above those of the exact list", () => {
    const histogram = new LatencyHistogram();
    let seed = 7;
    const values = Array.from({ length: 5_000 }, () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return 1 + 20_000 * (seed / 2_147_483_647) ** 3;
    });
    for (const value of values) histogram.add(value);
    const sorted = values.toSorted((a, b) => a - b);
    for (const share of [0.01, 0.5, 0.95, 0.999, 1]) {
      const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
      const told = histogram.quantile(share) ?? 0;
      expect(told).toBeGreaterThanOrEqual(exact * 0.999_999);
      expect(told).toBeLessThan(exact * 1.091);
    }
  });

  it("knows nothing while it is empty, and takes any duration", () => {
    const histogram = new LatencyHistogram();
    expect(histogram.quantile(0.95)).toBeUndefined();
    for (const odd of [0, 0.2, -1, 1e12]) histogram.add(odd);
    expect(histogram.quantile(0.5)).toBe(1);
    expect(histogram.quantile(1)).toBeGreaterThan(120_000);
  });
});

describe("the meter of a connector", () => {
  it("measures windows of five minutes and of an hour, and forgets what is older", async () => {
    const clock = createFakeClock();
    const meter = new SlaMeter("api", sla, clock);
    for (let at = 0; at < 90; at++) meter.record("answered", 50);
    for (let at = 0; at < 10; at++) meter.record("failed", 50);
    expect(meter.report().windows).toMatchObject([
      { minutes: 5, requests: 100, failed: 10, availability: 90, met: false },
      { minutes: 60, requests: 100, failed: 10, availability: 90, met: false },
    ]);
    await clock.advance(6 * minute);
    meter.record("answered", 50);
    expect(meter.report().windows).toMatchObject([
      { requests: 1, availability: 100, burn: 0, met: true },
      { requests: 101, failed: 10 },
    ]);
    await clock.advance(61 * minute);
    expect(meter.report().windows).toMatchObject([
      { requests: 0, availability: undefined, met: undefined },
      { requests: 0, latencyP95: undefined, burn: undefined },
    ]);
    meter.record("answered", 10);
    expect(meter.report().windows.at(-1)).toMatchObject({ requests: 1 });
  });

  it("counts a minute in the five that end with it, and not in the sixth", async () => {
    const clock = createFakeClock();
    const meter = new SlaMeter("api", sla, clock);
    meter.record("answered", 50);
    for (const requests of [1, 1, 1, 1, 1, 0]) {
      expect(meter.report().windows[0]).toMatchObject({ minutes: 5, requests });
      await clock.advance(minute);
    }
  });

  it("has nothing left of a minute whose place another one takes an hour later", async () => {
    const clock = createFakeClock();
    const meter = new SlaMeter("api", sla, clock);
    for (let at = 0; at < 100; at++) meter.record("answered", 9_000);
    meter.record("failed", 1);
    await clock.advance(60 * minute);
    meter.record("answered", 10);
    expect(meter.report().windows).toMatchObject([
      { requests: 1, failed: 0, met: true },
      { requests: 1, failed: 0, met: true },
    ]);
    expect(meter.report().windows[1]?.latencyP95).toBeLessThan(20);
  });

  it("takes what cannot be told for nothing, and a failure for no latency", () => {
    const meter = new SlaMeter("api", sla, createFakeClock());
    meter.record("unknown", 9_000);
    expect(meter.report().windows[0]).toMatchObject({ requests: 0, met: undefined });
    for (let at = 0; at < 9; at++) meter.record("failed", 30_000);
    meter.record("answered", 10);
    expect(meter.report().windows[0]?.latencyP95).toBeLessThan(20);
  });

  it("is kept where the budget is spent exactly, and missed where it is overspent, whatever the availability", () => {
    const metAfter = (
      failures: number,
      target: { availability_percentage: number; error_budget_percentage?: number },
    ) => {
      const meter = new SlaMeter("api", target, createFakeClock());
      for (let at = 0; at < 1_000; at++) meter.record(at < failures ? "failed" : "answered", 1);
      return meter.report().windows[0];
    };
    expect(metAfter(1, { availability_percentage: 99.9 })).toMatchObject({ burn: 1, met: true });
    expect(metAfter(50, { availability_percentage: 90, error_budget_percentage: 4 })).toMatchObject({
      availability: 95,
      met: false,
    });
  });

  it("burns the budget that is declared, else what the availability leaves", () => {
    const clock = createFakeClock();
    const burnOf = (target: { availability_percentage: number; error_budget_percentage?: number }) => {
      const meter = new SlaMeter("api", target, clock);
      for (let at = 0; at < 99; at++) meter.record("answered", 1);
      meter.record("failed", 1);
      return meter.report().windows[0]?.burn;
    };
    expect(burnOf({ availability_percentage: 99.5 })).toBeCloseTo(2, 9);
    expect(burnOf({ availability_percentage: 90, error_budget_percentage: 4 })).toBeCloseTo(0.25, 9);
    expect(burnOf({ availability_percentage: 100 })).toBe(Number.POSITIVE_INFINITY);
  });

  it("misses the target when the 95th percentile is too slow", () => {
    const meter = new SlaMeter("api", sla, createFakeClock());
    for (let at = 0; at < 90; at++) meter.record("answered", 10);
    for (let at = 0; at < 10; at++) meter.record("answered", 400);
    expect(meter.report().windows[0]).toMatchObject({ availability: 100, met: false });
    expect(meter.report().windows[0]?.latencyP95).toBeGreaterThan(399);
  });

  it("is one for all connections of a connector, and there are never more than a thousand", () => {
    const meters = new SlaMeters(createFakeClock());
    expect(meters.of("api", undefined)).toBeUndefined();
    expect(meters.of("api", sla)).toBe(meters.of("api", { ...sla }));
    for (let at = 0; at < 1_500; at++) meters.of(`api-${at}`, sla);
    expect(meters.reports()).toHaveLength(1_000);
    const oldest = meters.of("api-500", sla);
    meters.of("another", sla);
    // Asked for just now, it is not the one that goes.
    expect(meters.of("api-500", sla)).toBe(oldest);
  });
});

describe("runtime.inspect()", () => {
  it("tells how a connector keeps its sla: refusals are answers, failures are not", async () => {
    made = await line(
      `${operation("endpoint: /x\nretry: { max_attempts: 1 }")}\nsla: { availability_percentage: 99 }`,
      { "GET /x": sequence(json(1), status(404), status(429), status(500)) },
    );
    for (let call = 0; call < 4; call++) await made.connection.attempt("op");
    expect(await made.runtime.inspect()).toMatchObject({
      sla: [
        {
          connector: "test-api",
          target: { availability: 99, errorBudget: 1 },
          windows: [{ minutes: 5, requests: 4, failed: 1, availability: 75, burn: 25 }, { minutes: 60 }],
        },
      ],
    });
  });

  it("tells nothing of a connector that promises nothing", async () => {
    made = await line(operation("endpoint: /x"), { "GET /x": json(1) });
    await made.connection.call("op");
    expect(await made.runtime.inspect()).toMatchObject({ sla: [] });
  });
});
