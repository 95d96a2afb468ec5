/** Answers that arrive whole and say something that is wrong, or that the caller must wait. */
import * as bench from "../../../runtime/testing/index.ts";
import { everywhere, type Fault, fails, ok, type Sights, unlessWrite } from "../fault.ts";
import { echo, good } from "../scene.ts";

const unreadable: Sights = everywhere(fails("response_invalid", 1, false));
const elsewhere: Sights = {
  read: fails("destination_blocked", 1, false),
  write: fails("upstream_error", 1, false),
  guarded: fails("upstream_error", 1, false),
};
const nothing = "Nothing";
const descriptor = "Check `response` in the descriptor against what the server sends";

const typed = (type: string, body: string | Uint8Array): bench.Reply => ({
  bytes: typeof body === "string" ? Buffer.from(body) : body,
  headers: { "content-type": type },
});

const fault = (name: string, answers: Fault["answers"], seen: Sights, todo: string): Fault => ({
  name,
  ...(answers ? { answers } : {}),
  seen,
  todo,
});

export const answerFaults: readonly Fault[] = [
  fault("429 with `Retry-After` in seconds", () => [bench.rateLimited(3), good], everywhere(ok(2)), nothing),
  fault(
    "429 with `Retry-After` as a date",
    ({ clock }) => [bench.rateLimited(new Date(clock.wall() + 3_000).toUTCString()), good],
    everywhere(ok(2)),
    nothing,
  ),
  fault(
    "429 with a `Retry-After` that makes no sense",
    () => [bench.rateLimited(-1), bench.rateLimited("soon, 1e99"), good],
    everywhere(ok(3)),
    nothing,
  ),
  fault(
    "429 with a `Retry-After` past the deadline",
    () => [bench.rateLimited("999999999999")],
    everywhere(fails("rate_limited", 1, true)),
    "Wait until `retryAt`",
  ),
  fault(
    "429 always",
    () => [(request) => bench.json({ message: echo(request) }, { status: 429 })],
    everywhere(fails("rate_limited", 3, true)),
    "Call less often; declare the limit under `rate_limits`",
  ),
  fault(
    "503 twice, then an answer",
    () => [bench.status(503), bench.status(503), good],
    unlessWrite(ok(3), fails("upstream_error", 1, true)),
    "Nothing for a read. After a write without a key: look first, it may have been done",
  ),
  fault(
    "500 always",
    () => [(request) => bench.json({ message: echo(request) }, { status: 500 })],
    unlessWrite(fails("upstream_error", 3, true), fails("upstream_error", 1, true)),
    "Call again later. After a write without a key: look first, it may have been done",
  ),
  {
    ...fault(
      "200 with an error in the body",
      () => [(request) => bench.json({ ok: false, message: echo(request) })],
      everywhere(fails("upstream_error", 1, false)),
      "Declare such answers under `errors`; without a rule they are data",
    ),
    seenAt: { "chain step": everywhere({ code: "chain_step_failed", retryable: false }) },
  },
  fault("a body that is not JSON", () => [typed("application/json", `{"a": CaNaRy`)], unreadable, descriptor),
  fault(
    "HTML with status 200",
    () => [typed("text/html", "<!doctype html><title>Log in</title>")],
    unreadable,
    "Check the URL and the credentials: it is mostly a login page",
  ),
  fault(
    "bytes that are not the charset they claim",
    () => [typed("application/json; charset=utf-8", Buffer.from('{"a":"\xe9"}', "latin1"))],
    unreadable,
    "The server is at fault: tell its owner",
  ),
  fault(
    "a byte order mark",
    () => [typed("application/json", `\ufeff${JSON.stringify(good.json)}`)],
    everywhere(ok(1)),
    nothing,
  ),
  {
    ...fault(
      "a redirect to another origin",
      ({ healthy }) => [
        (request) => bench.redirect(`${healthy.origin}/steal?${encodeURIComponent(echo(request))}`),
      ],
      elsewhere,
      "If that is the right place, name it in the descriptor",
    ),
    also: ({ healthy }) => (healthy.times("/steal") > 0 ? ["the redirect was followed"] : []),
  },
  fault(
    "a redirect to loopback",
    () => [bench.redirect("http://127.0.0.1:1/admin")],
    elsewhere,
    "If that is the right place, name it in the descriptor",
  ),
  fault(
    "redirects without end",
    () => [bench.redirect("/x?again")],
    elsewhere,
    "Check the URL in the descriptor",
  ),
];
