import type { TransportError } from "../ports.ts";
import type { Ending } from "../request/send.ts";
import type { AttemptOutcome } from "../telemetry/sla.ts";
import type { Attempted } from "./attempt.ts";
import type { Job } from "./job.ts";

/** A wait that its caller cut shorter says more of the caller than of the server. */
const shortestWaitMs = 1_000;

/** Failures below HTTP that are the server's, or the way's to it. A refused certificate may be one tenant's own. */
const ofServer: { readonly [K in TransportError["kind"]]: AttemptOutcome } = {
  refused: "failed",
  dns: "failed",
  timeout: "failed",
  reset: "failed",
  truncated: "failed",
  protocol: "failed",
  tls: "unknown",
  blocked: "unknown",
  aborted: "unknown",
  closed: "unknown",
  body: "unknown",
  proxy: "unknown",
  too_large: "answered",
  decode: "answered",
};

/** Not "down" but "not this": the method, or the version of HTTP (RFC 9110, sections 15.6.2 and 15.6.6). */
const refusing: ReadonlySet<number> = new Set([501, 505]);

/** What an attempt that took `ms` says of the server: 4xx and 429 are answers, 5xx, broken connections and time-outs failures. */
export function outcomeOf(ending: Ending, ms: number): AttemptOutcome {
  switch (ending.kind) {
    case "received":
      return ending.status >= 500 && !refusing.has(ending.status) ? "failed" : "answered";
    case "failed":
      return ofServer[ending.error.kind];
    case "cut":
      return ending.error.code === "deadline_exceeded" && ms >= shortestWaitMs ? "failed" : "unknown";
  }
}

/** What the circuit and the `sla` learn from an attempt that began at `sentAt` by clock.now(). */
export function learnOutcome(
  { core, sla }: Pick<Job, "core" | "sla">,
  sentAt: number,
  { request, probe }: Pick<Attempted, "request" | "probe">,
  ending: Ending,
): void {
  const ms = sla || ending.kind === "cut" ? core.clock.now() - sentAt : 0;
  const outcome = outcomeOf(ending, ms);
  const kind = ending.kind === "received" ? "upstream_error" : "network_error";
  core.circuits.learn(request.origin, outcome, kind, probe);
  sla?.record(outcome, ms);
}
