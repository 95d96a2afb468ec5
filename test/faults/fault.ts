import type { Settings } from "node:http2";
import type { RuntimeOptions } from "../../runtime/index.ts";
import type { CertificateOptions, Handler, Reply, TestServer } from "../../runtime/testing/index.ts";
import type { NetworkOptions } from "../../runtime/transport/undici-transport.ts";
import type { FrontRequest } from "../support/http2/front.ts";
import type { Passing, SceneClock } from "./clock.ts";

/** How the call is made: a read, a write that is not safe to repeat, and one that a key guards. */
export const methods = ["GET", "POST", "POST with key"] as const;
export type Method = (typeof methods)[number];

/** How the call is authenticated: not at all, by the token of a chain of two steps, by the one of a consent. */
export const profiles = ["open", "chained", "consent"] as const;
export type ProfileId = (typeof profiles)[number];

/**
 * Where the fault is: at the operation, under each profile; at the chain's last step; at the token endpoint of a consent,
 * whose refresh token is good for one use; at a token endpoint of which the operation needs nothing.
 */
export type Place =
  | "operation"
  | "operation after a chain"
  | "operation after a consent"
  | "chain step"
  | "refresh"
  | "token endpoint of others";

interface Situation {
  readonly profile: ProfileId;
  /** What fails: the endpoint of the operation, or the one that issues tokens. */
  readonly failing: "operation" | "token";
  /** The token is there before the fault. */
  readonly held?: true;
}

const situations: Readonly<Record<Place, Situation>> = {
  operation: { profile: "open", failing: "operation" },
  "operation after a chain": { profile: "chained", failing: "operation", held: true },
  "operation after a consent": { profile: "consent", failing: "operation", held: true },
  "chain step": { profile: "chained", failing: "token" },
  refresh: { profile: "consent", failing: "token" },
  "token endpoint of others": { profile: "open", failing: "token" },
};

export function situationAt(place: Place): Situation {
  return situations[place];
}

/** Where a fault is if nothing else is said. */
export const anyPlace: readonly Place[] = ["operation", "operation after a chain", "chain step"];

/** What the caller gets. */
export interface Sight {
  /** `ok`, or the error's code. Several where chance decides. */
  readonly code: string | readonly string[];
  readonly attempts?: number;
  readonly retryable?: boolean;
}

/** By method; a guarded write is like a read where nothing else is said. */
export interface Sights {
  readonly read: Sight;
  readonly write: Sight;
  readonly guarded: Sight;
}

/** What the failing origin speaks; the server behind it is the same. */
export type Protocol = "HTTP/1.1" | "HTTP/2";

/** What a fault is made of: the server that fails and one that does not. */
export interface Scene {
  readonly place: Place;
  readonly method: Method;
  readonly clock: SceneClock;
  /** Serves the place of the fault. */
  readonly failing: TestServer;
  /** Where the client finds it. */
  readonly origin: string;
  readonly healthy: TestServer;
  /** Requests that the place of the fault has had, the warm-up apart. */
  arrived(): number;
  /** Streams that the front has had, where HTTP/2 is spoken. */
  streams(): number;
}

/** What the front does over HTTP/2 with the request, the first having the number 1; what it does not carry on is not done. */
export type FrontAct = (request: FrontRequest, number: number) => void;

export interface Fault {
  /** A noun phrase: "a reset before the head of the answer". */
  readonly name: string;
  /** Answers of the place that fails, in their order; the last again and again. All is well without them. */
  readonly answers?: (scene: Scene) => readonly (Reply | Handler)[];
  /** Over TLS with such a certificate, which the client trusts or not. */
  readonly tls?: { readonly certificate: CertificateOptions; readonly trusted: boolean };
  /** Idle connections are closed after so long; the server says so. */
  readonly keepAliveMs?: number;
  /** The failing origin, where it is not the server's own. */
  readonly origin?: (
    scene: Scene,
    onClose: (close: () => Promise<unknown>) => void,
  ) => string | Promise<string>;
  readonly network?: NetworkOptions | (() => NetworkOptions);
  readonly runtime?: (clock: SceneClock) => Partial<RuntimeOptions>;
  /** A call on the same connection has gone well before. */
  readonly warm?: boolean;
  /** Right before the call. */
  readonly before?: (scene: Scene) => Promise<void> | void;
  /** True once nothing can happen any more but the end of a time limit. */
  readonly stalled?: (scene: Scene) => Passing;
  /** In place of a call: reads all pages. */
  readonly paged?: boolean;
  /** Makes several calls; the outcome is that of the last. */
  readonly calls?: number;
  readonly between?: (scene: Scene) => Promise<void> | void;
  /** The places where it can be; `anyPlace` by default. */
  readonly at?: readonly Place[];
  /** At the first of its places, and at those that fail as it does. */
  readonly seen: Sights;
  /** What is seen elsewhere. */
  readonly seenAt?: Readonly<Partial<Record<Place, Sights>>>;
  /** What is seen instead over HTTP/2; false where HTTP/2 cannot be in it. */
  readonly overHttp2?: Sights | false;
  /** A fault of HTTP/2 alone: what the front does, and its settings. */
  readonly front?: { readonly act: FrontAct; readonly settings?: Settings };
  /** Sent as the body of a write. */
  readonly upload?: string;
  /** What must hold beside the invariants, once all is closed; answers what does not. */
  readonly also?: (scene: Scene) => readonly string[];
  /** For docs/faults.md: what the caller does about it. */
  readonly todo: string;
}

/** What the documentation says of a fault. */
export type Told = Pick<Fault, "name" | "seen" | "todo" | "at">;

export function everywhere(sight: Sight): Sights {
  return { read: sight, write: sight, guarded: sight };
}

/** A read and a guarded write alike, a plain write otherwise. */
export function unlessWrite(read: Sight, write: Sight): Sights {
  return { read, write, guarded: read };
}

export function ok(attempts: number): Sight {
  return { code: "ok", attempts };
}

export function fails(code: string, attempts: number, retryable: boolean): Sight {
  return { code, attempts, retryable };
}

/** Whether a server that answers over HTTP/2 can be in it. */
export function isForHttp2({ overHttp2, origin }: Fault): boolean {
  return overHttp2 !== false && origin === undefined;
}

/** Codes that say enough to be kept by the step of a chain. */
const keptBySteps: ReadonlySet<string> = new Set([
  "ok",
  "network_error",
  "rate_limited",
  "deadline_exceeded",
  "response_too_large",
  "destination_blocked",
  "state_unavailable",
]);

/**
 * What is seen at a place, where that is known beforehand. The step of a chain may be repeated, as a guarded write may, and
 * is no attempt of the call that goes well after it. Of a token endpoint that it does not need a call sees nothing.
 */
export function seenAt(fault: Fault, place: Place, protocol: Protocol): Sights | undefined {
  const { at = anyPlace, seenAt: known = {} } = fault;
  const exact = known[place];
  if (exact) return exact;
  if (place === "token endpoint of others") return everywhere(ok(1));
  const seen = (protocol === "HTTP/2" && fault.overHttp2) || fault.seen;
  const [home = place] = at;
  if (home === place || situationAt(home).failing === situationAt(place).failing) return seen;
  return place === "chain step" ? everywhere(throughStep(seen.guarded)) : undefined;
}

function throughStep({ code, attempts, retryable }: Sight): Sight {
  const codes = [code].flat().map((one) => (keptBySteps.has(one) ? one : "chain_step_failed"));
  return {
    code: codes,
    ...(attempts === undefined ? {} : { attempts: codes.includes("ok") ? 1 : attempts }),
    ...(retryable === undefined ? {} : { retryable }),
  };
}

export function sightOf(seen: Sights, method: Method): Sight {
  return method === "GET" ? seen.read : method === "POST" ? seen.write : seen.guarded;
}
