/** Faults of credentials: refused ones, and token endpoints in every mood. */
import type { Handler, Reply } from "../../../runtime/testing/index.ts";
import * as bench from "../../../runtime/testing/index.ts";
import { everywhere, type Fault, fails, ok, type Sight } from "../fault.ts";
import { echo, good } from "../scene.ts";

const refused: Handler = (request) => bench.json({ message: `no ${echo(request)}` }, { status: 401 });
const token = (more: object = {}): Reply => bench.json({ access_token: "CaNaRy-token", ...more });
const invalidGrant: Handler = (request) =>
  bench.json({ error: "invalid_grant", error_description: echo(request) }, { status: 400 });
const signIn = "The user must sign in again";

/** One token for one refresh token; who brings an old one ends the consent (RFC 9700, section 4.14.2). */
export function rotating(): Handler {
  let count = 0;
  let revoked = false;
  return (request, context) => {
    if (revoked || request.form.get("refresh_token") !== `CaNaRy-r${count}`) {
      revoked = true;
      return invalidGrant(request, context);
    }
    count++;
    return token({ refresh_token: `CaNaRy-r${count}`, expires_in: 5 });
  };
}

/** At the last step of a chain, with what a refresh sees, and beside a call that needs no token. */
const step = (
  name: string,
  answers: readonly (Reply | Handler)[],
  seen: Sight,
  todo: string,
  refreshed: Sight = seen,
): Fault => ({
  name,
  at: ["chain step", "refresh", "token endpoint of others"],
  answers: () => answers,
  seen: everywhere(seen),
  seenAt: { refresh: everywhere(refreshed) },
  todo,
});
const refresh = (name: string, answers: readonly (Reply | Handler)[], seen: Sight, todo: string): Fault => ({
  ...step(name, answers, seen, todo),
  at: ["refresh", "token endpoint of others"],
});
/** A token call that is refused is not made again, and a refusal of the client itself is told as what it is. */
const refusedToken: Fault["seenAt"] = {
  "chain step": everywhere(fails("chain_step_failed", 1, false)),
  refresh: everywhere(fails("authentication_failed", 1, false)),
};

const lives: readonly (readonly [string, object])[] = [
  ["no `expires_in`", {}],
  ["`expires_in` as text", { expires_in: "3600" }],
  ["`expires_in` of 0", { expires_in: 0 }],
  ["`expires_in` of -1", { expires_in: -1 }],
  ["`expires_in` that is no number", { expires_in: "soon" }],
  ["`expires_in` of a thousand years", { expires_in: 1e300 }],
];

export const credentialFaults: readonly Fault[] = [
  {
    name: "401 once",
    at: ["operation after a chain", "operation after a consent", "operation", "chain step", "refresh"],
    answers: () => [refused, bench.json({ ok: true })],
    seen: everywhere(ok(2)),
    seenAt: { ...refusedToken, operation: everywhere(fails("authentication_failed", 1, false)) },
    todo: "Nothing: the credential was renewed, and the call made once more",
  },
  {
    name: "401 always, with a credential that can be renewed",
    at: ["operation after a chain", "operation after a consent", "chain step", "refresh"],
    answers: () => [refused],
    seen: everywhere(fails("authentication_failed", 2, false)),
    seenAt: refusedToken,
    todo: "Give other credentials",
  },
  {
    name: "401 always",
    at: ["operation"],
    answers: () => [refused],
    seen: everywhere(fails("authentication_failed", 1, false)),
    todo: "Give other credentials",
  },
  step(
    "a token endpoint that fails (500)",
    [bench.status(500)],
    fails("chain_step_failed", 3, true),
    "Call again later. A refresh token of one use is not sent again by itself",
    fails("chain_step_failed", 1, true),
  ),
  step(
    "a token endpoint that refuses (400)",
    [invalidGrant],
    fails("chain_step_failed", 1, false),
    "Give other credentials",
    { code: "reauthorization_required", retryable: false },
  ),
  {
    ...step(
      "a token endpoint that does not answer",
      [bench.silence()],
      { code: "deadline_exceeded", retryable: true },
      "Call again later",
    ),
    stalled: (scene) => scene.arrived() > 0,
  },
  {
    ...step("a token endpoint that is slow, in time", [], ok(1), "Nothing"),
    answers: ({ clock }) => [
      async () => {
        await new Promise<void>((resolve) => void clock.timer(3_000, resolve));
        return good;
      },
    ],
  },
  step(
    "a token endpoint that answers without a token",
    [bench.json({})],
    { code: "chain_step_failed", retryable: false },
    "Check `extract` in the descriptor",
  ),
  ...lives.map(([what, more]) => step(`a token with ${what}`, [token(more)], ok(1), "Nothing")),
  refresh(
    "a refresh that fails once (503)",
    [bench.status(503)],
    { code: "chain_step_failed", retryable: true },
    "Call again later: the refresh token was not sent twice",
  ),
  refresh(
    "a refresh token that is refused (`invalid_grant`)",
    [invalidGrant],
    { code: "reauthorization_required", retryable: false },
    signIn,
  ),
  refresh(
    "a refresh that breaks off",
    [bench.resetBeforeHeaders()],
    { code: "network_error", retryable: true },
    "Call again later: one more try is made with the refresh token",
  ),
  {
    ...refresh(
      "refresh tokens of one use, whose second use ends the consent",
      [],
      ok(1),
      "Nothing: each is spent once, and its successor stored before it is used",
    ),
    answers: () => [rotating()],
    calls: 4,
    between: ({ clock }) => clock.advance(60_000),
    also: ({ failing, place }) => {
      if (place !== "refresh") return [];
      const spent = failing.requests.flatMap(({ path, form }) =>
        path === "/token" ? [form.get("refresh_token")] : [],
      );
      return new Set(spent).size === 4 && spent.length === 4 ? [] : [`spent ${spent.length} times`];
    },
  },
  ...[-600_000, 600_000].map(
    (skew): Fault => ({
      ...step(
        `a token endpoint whose clock is ten minutes ${skew < 0 ? "slow" : "fast"}`,
        [],
        ok(1),
        "Nothing",
      ),
      answers: ({ clock }) => [
        () => ({
          ...token({ expires_in: 3600 }),
          headers: { date: new Date(clock.wall() + skew).toUTCString() },
        }),
      ],
    }),
  ),
];
