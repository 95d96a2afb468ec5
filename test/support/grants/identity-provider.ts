/**
 * An identity provider in memory that rotates refresh tokens and ends the login where one of them comes twice; a client
 * with no refresh token gets another access token each time.
 */
import type { Clock, Sink, Slot, Transport, WireRequest } from "../../../runtime/ports.ts";
import { createResponseHeaders } from "../../../runtime/transport/response-headers.ts";

/** What becomes of one token request. */
export type Fate =
  | { readonly kind: "answered"; readonly afterMs: number }
  /** Nothing was done: `503`, or the connection broke before the server read anything. */
  | { readonly kind: "unavailable" }
  | { readonly kind: "unread" }
  /** The token is spent, and nobody hears what it gave. */
  | { readonly kind: "unheard" };

/** A refresh token as it was spent; empty where a client asked in its own name. */
export interface Spend {
  readonly token: string;
  readonly process: string;
  readonly at: number;
  /** Whether the spender got the answer, and when. */
  heardAt?: number;
}

export interface IdentityProvider {
  readonly spends: readonly Spend[];
  /** Access tokens that were sent after their end, as the sender could have known it. */
  readonly stale: readonly string[];
  /** The login was ended because a refresh token came twice. */
  revoked(): boolean;
  /** The wire as one process sees it. `deliver` brings each answer, or loses it with the process. */
  transport(process: string, deliver: (bring: () => void) => void): Transport;
}

interface Options {
  readonly clock: Clock;
  readonly lifeMs: number;
  /** Whether a renewal ends the access token of before. */
  readonly endsOld: boolean;
  readonly fate: () => Fate;
}

export function createIdentityProvider({ clock, lifeMs, endsOld, fate }: Options): IdentityProvider {
  const spends: Spend[] = [];
  const stale: string[] = [];
  const issued = new Map<string, number>();
  const used = new Set<string>();
  let current = "r0";
  let count = 0;
  let revoked = false;

  const spend = (
    request: WireRequest,
    process: string,
  ): { readonly reply: Reply; readonly spend?: Spend } => {
    const form = new URLSearchParams(String(request.body));
    const token = form.get("refresh_token") ?? "";
    const record: Spend = { token, process, at: clock.now() };
    spends.push(record);
    const isClient = form.get("grant_type") === "client_credentials";
    if (!isClient && used.has(token)) revoked = true;
    if (!isClient && (revoked || token !== current))
      return { reply: { status: 400, body: { error: "invalid_grant" } } };
    if (!isClient) used.add(token);
    current = `r${++count}`;
    const access = `a${count}`;
    if (endsOld) issued.clear();
    issued.set(access, clock.now() + lifeMs);
    const rotated = isClient ? {} : { refresh_token: current };
    const body = { access_token: access, ...rotated, expires_in: lifeMs / 1000 };
    return { reply: { status: 200, body }, spend: record };
  };

  const api = (request: WireRequest): Reply => {
    const at = request.headers.indexOf("authorization");
    const token = request.headers[at + 1]?.replace("Bearer ", "") ?? "";
    const end = issued.get(token);
    if (end !== undefined && clock.now() > end) stale.push(token);
    return !revoked && end !== undefined && clock.now() <= end
      ? { status: 200, body: 1 }
      : { status: 401, body: {} };
  };

  const send = (
    request: WireRequest,
    sink: Sink,
    process: string,
    deliver: (bring: () => void) => void,
  ): (() => void) => {
    let open = true;
    const bring = (work: () => void): void => deliver(() => open && work());
    const fail = (): void =>
      bring(() => sink.fail({ kind: "reset", message: "The connection broke.", sent: true }));
    const answer = ({ status, body }: Reply): void =>
      bring(() => {
        sink.head(status, headers, framed);
        sink.data(new TextEncoder().encode(JSON.stringify(body)));
        sink.end();
      });
    sink.connected?.();
    sink.sent?.();
    if (request.path !== "/token") clock.timer(20, () => answer(api(request)));
    else {
      const becomes = fate();
      clock.timer(20, () => {
        if (becomes.kind === "unavailable") return answer({ status: 503, body: {} });
        if (becomes.kind === "unread") return fail();
        const done = spend(request, process);
        if (becomes.kind === "unheard") return fail();
        clock.timer(becomes.afterMs, () => {
          answer(done.reply);
          bring(() => {
            if (done.spend) done.spend.heardAt = clock.now();
          });
        });
      });
    }
    return () => {
      open = false;
    };
  };

  const slot: Slot = { release: () => {} };
  return {
    spends,
    stale,
    revoked: () => revoked,
    transport: (process, deliver) => ({
      send: (request, sink) => send(request, sink, process, deliver),
      slot: () => slot,
      waitForSlot: (_origin, granted) => {
        granted(slot);
        return () => {};
      },
      close: () => Promise.resolve(),
      inspect: () => [],
    }),
  };
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

const headers = createResponseHeaders([Buffer.from("content-type"), Buffer.from("application/json")]);
const framed = { framing: "length", pause: () => {}, resume: () => {} } as const;
