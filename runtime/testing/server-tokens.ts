import { systemClock } from "../clock.ts";
import type { Clock } from "../ports.ts";
import { requireBearer } from "./server-replies.ts";
import type { Handler, ReceivedRequest, Reply } from "./server-types.ts";

export interface TokenEndpointOptions {
  /** Tokens end by this clock; the system's by default. */
  readonly clock?: Clock;
  /** A token's life; 3600 by default. */
  readonly ttlSeconds?: number;
  /** What the answer says as `expires_in`, where that is not the truth; `undefined` leaves it out. */
  readonly expiresIn?: unknown;
  /** Answers `false` or an error reply to refuse a request. */
  readonly accepts?: (request: ReceivedRequest) => boolean | Reply;
  /** Each token serves one request. */
  readonly singleUse?: boolean;
  /** A new token ends those before it. */
  readonly onlyNewest?: boolean;
  /** Gives a refresh token that is replaced at every use; an old one used again revokes all (RFC 9700, 4.14.2). */
  readonly rotation?: boolean;
  /** Tokens are `<prefix>-1`, `<prefix>-2` …; `token` by default. */
  readonly prefix?: string;
  /** The answer's shape, where it is not that of OAuth. */
  readonly body?: (token: IssuedToken) => unknown;
  /** The answer starts so much later. */
  readonly delayMs?: number;
}

export interface IssuedToken {
  readonly token: string;
  readonly refreshToken: string | undefined;
  readonly ttlSeconds: number;
}

/** Issues tokens and guards what needs one. */
export interface TokenEndpoint {
  /** The route that issues. */
  readonly handler: Handler;
  /** Answers 401 unless the request holds a token that is valid now. */
  protect(inner: Reply | Handler): Handler;
  /** True for a token that is valid now; of single use, it is used up by this. */
  accepts(token: string): boolean;
  /** How many were issued. */
  readonly issued: number;
  /** Ends all tokens at once, as a server does that changes its mind. */
  revokeAll(): void;
}

/**
 * Makes a token endpoint.
 *
 * ```ts
 * const tokens = tokenEndpoint({ clock, ttlSeconds: 60 });
 * startServer({ "POST /token": tokens.handler, "GET /me": tokens.protect(json({ name: "Ada" })) }, { clock });
 * ```
 */
export function tokenEndpoint(options: TokenEndpointOptions = {}): TokenEndpoint {
  const clock = options.clock ?? systemClock;
  const ttlSeconds = options.ttlSeconds ?? 3600;
  const prefix = options.prefix ?? "token";
  const endings = new Map<string, number>();
  const spent = new Set<string>();
  let refreshToken: string | undefined;
  let issued = 0;

  function issue(): IssuedToken {
    const token = `${prefix}-${++issued}`;
    if (options.onlyNewest === true) endings.clear();
    endings.set(token, clock.now() + ttlSeconds * 1000);
    if (options.rotation === true) {
      if (refreshToken !== undefined) spent.add(refreshToken);
      refreshToken = `refresh-${prefix}-${issued}`;
    }
    return { token, refreshToken, ttlSeconds };
  }

  function accepts(token: string): boolean {
    const end = endings.get(token);
    if (end === undefined) return false;
    if (options.singleUse === true) endings.delete(token);
    return clock.now() < end;
  }

  /** The reply that refuses this request, if any. */
  function refusal(request: ReceivedRequest): Reply | undefined {
    const verdict = options.accepts?.(request) ?? true;
    if (typeof verdict === "object") return verdict;
    if (!verdict) return invalid("invalid_client", 401);
    if (options.rotation !== true || request.form.get("grant_type") !== "refresh_token") return undefined;
    const given = request.form.get("refresh_token") ?? "";
    if (given === refreshToken) return undefined;
    if (spent.has(given)) {
      endings.clear();
      refreshToken = undefined;
    }
    return invalid("invalid_grant", 400);
  }

  return {
    handler: (request) => {
      const delayMs = options.delayMs ?? 0;
      const refused = refusal(request);
      if (refused !== undefined) return { ...refused, delayMs };
      const token = issue();
      return {
        json: (options.body ?? oauthBody(options))(token),
        headers: { "cache-control": "no-store" },
        delayMs,
      };
    },
    protect: (inner) => requireBearer(accepts, inner),
    accepts,
    get issued() {
      return issued;
    },
    revokeAll: () => endings.clear(),
  };
}

/** RFC 6749, 5.1. */
function oauthBody(options: TokenEndpointOptions): (token: IssuedToken) => unknown {
  return ({ token, refreshToken, ttlSeconds }) => ({
    access_token: token,
    token_type: "Bearer",
    expires_in: Object.hasOwn(options, "expiresIn") ? options.expiresIn : ttlSeconds,
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
  });
}

/** RFC 6749, 5.2. */
function invalid(error: string, code: number): Reply {
  return { status: code, json: { error, error_description: `the test server says ${error}` } };
}
