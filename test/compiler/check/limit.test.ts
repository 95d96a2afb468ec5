import { describe, expect, test } from "vitest";
import { chained, findings, listing, messages } from "./listing.ts";

const limits = (limit: string): string => `rate_limits:\n  - { scope: per_account, ${limit} }\n`;
const sla = (targets: string): string => `sla: { availability_percentage: 99.9, ${targets} }\n`;
const pages = (more: string, operation = ""): string =>
  `endpoint: /tickets\n${operation}\npagination: { type: cursor, cursor_path: "$.next", cursor_param: cursor, ${more} }`;

describe("freshness of data against the time that all pages take", () => {
  test("the arithmetic is in the message", async () => {
    const text = listing(
      pages("limit_param: limit, page_size: 50, max_pages: 101"),
      limits("limit: 10, interval_seconds: 60") + sla("data_freshness_minutes_p95: 5"),
    );
    expect(await findings(text)).toEqual([{ rule: "limit/freshness", severity: "warning", at: "101" }]);
    expect(await messages(text)).toEqual([
      "101 pages of 50, at 10 in 1 minute, take at least 10 minutes; `data_freshness_minutes_p95` says 5.",
    ]);
  });

  test.each([
    ["what can be held", "max_pages: 50", "data_freshness_minutes_p95: 5", ""],
    ["a listing that does not say how long it is", "max_pages: 100", "latency_ms_p95: 5", ""],
    ["a bound that nobody wrote", "limit_param: limit, page_size: 5", "data_freshness_minutes_p95: 5", ""],
  ])("%s: nothing to find", async (_, more, targets, operation) => {
    const text = listing(pages(more, operation), limits("limit: 10, interval_seconds: 60") + sla(targets));
    expect(await findings(text)).toEqual([]);
  });

  test("a call that costs more takes longer", async () => {
    const text = listing(
      pages("max_pages: 50", "cost: 2"),
      limits("limit: 10, interval_seconds: 60") + sla("data_freshness_minutes_p95: 5"),
    );
    expect((await findings(text)).map(({ rule }) => rule)).toEqual(["limit/freshness"]);
  });
});

describe("pages against the deadline of a call", () => {
  test.each([
    ["one an hour", "max_pages: 10", "", "limit: 1, interval_seconds: 3600", "Page 2"],
    ["ten an hour, and eleven pages", "max_pages: 11", "", "limit: 10, interval_seconds: 3600", "Page 11"],
    [
      "a deadline that is short",
      "max_pages: 10",
      "timeout_ms: 1000",
      "limit: 1, interval_seconds: 10",
      "Page 2",
    ],
  ])("%s: a page cannot start in time", async (_, more, operation, limit, said) => {
    const text = listing(pages(more, operation), limits(limit));
    expect(await findings(text)).toEqual([{ rule: "limit/deadline", severity: "warning", at: "pagination" }]);
    expect((await messages(text))[0]).toContain(said);
  });

  test.each([
    [
      "a deadline that is long enough",
      "max_pages: 10",
      "timeout_ms: 3600000",
      "limit: 1, interval_seconds: 3600",
    ],
    ["fewer pages than the limit has room for", "max_pages: 10", "", "limit: 10, interval_seconds: 3600"],
    [
      "no pages that anyone promised",
      "limit_param: limit, page_size: 5",
      "",
      "limit: 60, interval_seconds: 3600",
    ],
    ["a wait that fits", "max_pages: 100", "", "limit: 1, interval_seconds: 30"],
    ["a burst", "max_pages: 39", "", "limit: 2, interval_seconds: 3600, burst: 37"],
  ])("%s: nothing to find", async (_, more, operation, limit) => {
    expect(await findings(listing(pages(more, operation), limits(limit)))).toEqual([]);
  });
});

describe("limits that count token calls", () => {
  const steps = `- step_name: session
  endpoint: /session
  body: { user: "{username}", pass: "{password}" }
  extract: { session_id: "$.session.id" }
- step_name: token
  endpoint: /token
  headers: { X-Session: "{session_id}" }
  extract: { token: "$.token" }
`;
  const counted = (limit: string, scope = "per_account"): string =>
    chained(steps, { rest: `rate_limits:\n  - { scope: ${scope}, ${limit}, includes: [auth] }\n` });

  test("need room for them and the first call", async () => {
    expect(await findings(counted("limit: 2, interval_seconds: 60"))).toEqual([
      { rule: "limit/auth-starves", severity: "warning", at: "[auth]" },
    ]);
  });

  test.each([
    ["room enough", "limit: 3, interval_seconds: 60", "per_account"],
    ["a short wait", "limit: 1, interval_seconds: 10", "per_account"],
    ["a count for each token", "limit: 2, interval_seconds: 60", "per_token"],
  ])("%s: nothing to find", async (_, limit, scope) => {
    expect(await findings(counted(limit, scope))).toEqual([]);
  });
});

test.each([
  [1000, "1 second"],
  [60_000, "1 minute"],
  [3_600_000, "1 hour"],
])("a window of %i seconds looks like milliseconds", async (seconds, meant) => {
  const text = listing("endpoint: /tickets", limits(`limit: 100, interval_seconds: ${seconds}`));
  expect(await findings(text)).toEqual([
    { rule: "limit/interval-unit", severity: "warning", at: String(seconds) },
  ]);
  expect((await messages(text))[0]).toContain(`this would be ${meant}`);
});

test.each([1, 10, 60, 300, 900, 3600, 86_400, 2_592_000])(
  "a window of %i seconds does not",
  async (seconds) => {
    const text = listing("endpoint: /tickets", limits(`limit: 100, interval_seconds: ${seconds}`));
    expect(await findings(text)).toEqual([]);
  },
);

describe("deadlines of calls", () => {
  test.each([
    ["timeout_ms: 1000", "latency_ms_p95: 2000", "1000"],
    ["", "latency_ms_p95: 45000", "45000"],
  ])("%s with %s: calls end before their answers", async (operation, targets, at) => {
    const text = listing(`endpoint: /tickets\n${operation}`, sla(targets));
    expect(await findings(text)).toEqual([{ rule: "operation/sla-timeout", severity: "warning", at }]);
  });

  test("a deadline above the latency is fine", async () => {
    expect(await findings(listing("endpoint: /tickets", sla("latency_ms_p95: 800")))).toEqual([]);
  });

  test.each([
    ["retry: { initial_ms: 5000, max_ms: 1000 }", "5000"],
    ["retry: { initial_ms: 40000, max_ms: 60000 }", "40000"],
    ["retry: { initial_ms: 30000 }", "30000"],
  ])("%s: the first wait is too long", async (operation, at) => {
    expect(await findings(listing(`endpoint: /tickets\n${operation}`))).toEqual([
      { rule: "operation/retry-wait", severity: "warning", at },
    ]);
  });

  test.each([
    "retry: { initial_ms: 500 }",
    "retry: { initial_ms: 50000, max_attempts: 1 }",
    "retry: { max_ms: 60000 }",
  ])("%s: nothing to find", async (operation) => {
    expect(await findings(listing(`endpoint: /tickets\n${operation}`))).toEqual([]);
  });
});
