/** What an answer says of the limits, and which of them it holds back for how long. */
import { afterEach, describe, expect, it } from "vitest";
import { type Reply, status } from "../../../runtime/testing/index.ts";
import { descriptor, type Line, line } from "../../support/line.ts";

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

const narrow = "{ scope: per_connection, limit: 100, interval_seconds: 10 }";
const wide = "{ scope: per_connection, limit: 9000, interval_seconds: 3600 }";
const naming = (limit: string, names: string): string =>
  limit.replace(" }", `, response_headers: { ${names} } }`);

/** After one answer, milliseconds: for how long each limit is held, the narrowest first, and when the next call may start. */
async function heard(
  limits: readonly string[],
  reply: Reply,
): Promise<{ readonly held: readonly (number | undefined)[]; readonly next: number }> {
  const made = await line(
    descriptor(
      `operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: none, retry: { max_attempts: 1 } }]
rate_limits: [${limits.join(", ")}]`,
    ),
    { "GET /x": reply },
  );
  open.push(made);
  const { connection, clock, runtime, server } = made;
  await connection.attempt("op");
  const report = await runtime.inspect();
  const held = report.limits
    .toSorted((one, other) => one.capacity - other.capacity)
    .map(({ heldUntil }) => (heldUntil === undefined ? undefined : heldUntil - clock.now()));
  const outcome = await connection.attempt("op", {}, { timeoutMs: 1 });
  const retryAt = !outcome.ok && server.requests.length === 1 ? outcome.error.retryAt : undefined;
  return { held, next: retryAt === undefined ? 0 : retryAt - clock.wall() };
}

const refused = (headers: Reply["headers"]): Reply => status(429, {}, headers);

describe("a refusal", () => {
  it.each([
    ["that says how long", { "retry-after": "7" }, 7_000],
    ["that says how long, past the limit's own window", { "retry-after": "70" }, 70_000],
    ["that says nothing: a tenth of the window, a second at most", {}, 1_000],
    ["with a field that nobody declared", { "x-ratelimit-reset-after": "2.5" }, 2_500],
    ["with such a field, past the window", { "x-ratelimit-reset-after": "600" }, 10_000],
  ])("%s holds the narrowest limit", async (_, headers, ms) => {
    expect(await heard([wide, narrow], refused(headers))).toEqual({ held: [ms, undefined], next: ms });
  });

  it("that says nothing holds a limit of two seconds for a fifth of one", async () => {
    const short = "{ scope: per_connection, limit: 5, interval_seconds: 2 }";
    expect(await heard([short], refused({}))).toMatchObject({ held: [200] });
  });

  it("by 503 holds only where it says how long", async () => {
    expect(await heard([narrow], status(503, {}, { "x-ratelimit-reset-after": "2" }))).toMatchObject({
      held: [undefined],
      next: 0,
    });
    expect(await heard([narrow], status(503, {}, { "retry-after": "2" }))).toMatchObject({ held: [2_000] });
  });

  it("that says which limit is spent holds that one alone", async () => {
    const declared = naming(wide, "remaining: X-Left, reset: X-Reset");
    expect(await heard([narrow, declared], refused({ "x-left": "0", "x-reset": "30" }))).toEqual({
      held: [undefined, undefined],
      next: 30_000,
    });
  });
});

describe("the standard's field", () => {
  const spent = { ratelimit: '"q";r=0;t=4', "ratelimit-policy": '"q";q=100;w=10' };

  it("is about the limit of its window", async () => {
    expect((await heard([wide, narrow], status(200, {}, spent))).next).toBe(4_000);
  });

  it("without a window is about the only limit, and about none of several", async () => {
    const bare = { ratelimit: '"q";r=0;t=4' };
    expect((await heard([narrow], status(200, {}, bare))).next).toBe(4_000);
    expect((await heard([wide, narrow], status(200, {}, bare))).next).toBe(0);
  });

  it("counts for nothing where the author names the fields", async () => {
    const declared = naming(narrow, "remaining: X-Left");
    expect((await heard([declared], status(200, {}, spent))).next).toBe(0);
  });
});
