import type { Exchange, Placement } from "../../schema/ir.ts";
import { accepted } from "../../schema/language/accept.ts";
import type { Credentials } from "../credentials/credentials.ts";
import type { RequestSigner } from "../signing/signer.ts";
import { version } from "../version.ts";
import { type BodyOverride, type BuildBody, type BuiltBody, compileBody, isTimedBody } from "./body.ts";
import { encodeComponent } from "./component.ts";
import {
  compileCookies,
  compileHeaders,
  compileQuery,
  holdsSecret,
  isFixed,
  isVolatile,
  needsRequest,
} from "./entries.ts";
import type { Payload } from "./file.ts";
import type { Scope } from "./scope.ts";
import { joinPairs, type Pair } from "./styles.ts";
import { isTimed } from "./template.ts";
import { type Base, compileOrigin, compilePath, isForeign } from "./url.ts";

/** What a caller of the plan adds to one request: paging values, an idempotency key, a URL that a response named. */
export interface Overrides {
  readonly query: readonly { readonly name: string; readonly value: string }[];
  readonly headers: readonly Pair[];
  readonly body: readonly BodyOverride[];
  /** Replaces path and query; `target` begins with `/` and is percent-encoded. */
  readonly url?: { readonly origin: string; readonly target: string };
}

export const noOverrides: Overrides = { query: [], headers: [], body: [] };

/** A request without its credentials: encoded, and so known to be sound, before it costs a token. */
export interface Draft {
  readonly origin: string;
  /** The origin that the exchange itself names; another one where a response led elsewhere. */
  readonly ownOrigin: string;
  readonly path: string;
  readonly query: string;
  /** Flat: name, value, name, value; one line a name. */
  readonly headers: readonly string[];
  readonly body: BuiltBody | undefined;
}

/** A request with its credentials, ready for the transport. */
export interface Signed {
  readonly origin: string;
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: Payload | undefined;
}

/** An exchange with all templates compiled: made once, used by every call. */
export interface ExchangePlan {
  readonly exchange: Exchange;
  /** A draft ages: it is built anew right before it is sent. */
  readonly timed: boolean;
  /** What is sent, credentials and signature included, tells the time: a server judges it by its own clock. */
  readonly clocked: boolean;
  /** Not the descriptor alone says where the request goes: a response takes part in it, or a key file. */
  readonly foreignDestination: boolean;
  /** A URL without the query entries in which this exchange's credentials and secrets go: servers repeat them in next URLs. */
  withoutCredentials(url: string): string;
  /** The origin that the exchange itself names. */
  origin(scope: Scope): string;
  draft(scope: Scope, overrides: Overrides): Draft;
  sign(draft: Draft, scope: Scope): Signed;
  /** True where an answer of status 401 asks for a signature that can be made now. */
  challenged(origin: string, challenge: string | undefined): boolean;
  /** What templates make of secrets, as it stands in headers, query and cookies: messages must not hold it. */
  secretTexts(scope: Scope): string[];
}

/** Compiles an exchange and the place of its credentials. `slug` goes into `user-agent`. */
export function planExchange(
  exchange: Exchange,
  placement: Placement,
  slug: string,
  signer?: RequestSigner,
): ExchangePlan {
  const origin = compileOrigin(exchange.url.origin);
  const path = compilePath(exchange.url.path);
  const query = compileQuery(exchange.query);
  const headers = compileDraftHeaders(exchange, slug);
  const lateEntries = exchange.headers.filter(needsRequest);
  const lateHeaders = compileHeaders(lateEntries);
  const body: BuildBody = exchange.body ? compileBody(exchange.body) : () => undefined;
  const place = compilePlacement(placement);
  const secretTexts = compileSecretTexts(exchange, placement);
  const secretEntries = exchange.query.filter(holdsSecret);
  const secretQuery = compileQuery(secretEntries);
  const ownQueryNames = new Set(
    [...placement.query, ...secretEntries].map((entry) => encodeComponent(entry.name)),
  );

  const timed = isTimedExchange(exchange);

  return {
    exchange,
    timed,
    clocked: timed || signer?.timed === true || isTimedPlacement(placement),
    origin: (scope) => origin(scope).origin,
    foreignDestination: isForeign(exchange.url.origin),
    withoutCredentials: (url) => withoutNames(url, ownQueryNames),
    draft: (scope, overrides) => {
      const built = body(scope, overrides.body);
      const base = origin(scope);
      const target = overrides.url
        ? givenTarget(overrides.url, ownQueryNames, joinPairs(secretQuery(scope), "&"))
        : ownTarget(base, path(scope), query(scope), overrides);
      const draft: Draft = {
        origin: target.origin,
        ownOrigin: base.origin,
        path: target.path,
        query: target.query,
        headers: headers(scope, overrides, built),
        body: built,
      };
      if (lateEntries.length === 0) return draft;
      const late = lateHeaders(withRequest(scope, draft, exchange.method));
      return { ...draft, headers: withPairs(draft.headers, late) };
    },
    sign: (draft, scope) => {
      const placed = place(scope, draft, exchange.method);
      const signed = {
        origin: draft.origin,
        path: targetOf(draft, placed.query),
        headers: placed.after(draft.headers),
        body: draft.body?.data,
      };
      return signer ? withSignature(signed, signer, exchange.method, scope) : signed;
    },
    challenged: (origin, challenge) => signer?.challenged(origin, challenge) ?? false,
    secretTexts,
  };
}

function withSignature(request: Signed, signer: RequestSigner, method: string, scope: Scope): Signed {
  const { origin, path, headers, body } = request;
  const pairs: Pair[] = [];
  for (let at = 0; at < headers.length; at += 2)
    pairs.push({ name: headers[at] ?? "", value: headers[at + 1] ?? "" });
  const added = signer.sign({ method, origin, target: path, headers: pairs, body: atHand(body) }, scope);
  return { ...request, headers: withPairs(headers, added) };
}

/** What a signature may be made of. Streams are refused with the parameters where one needs the body (`whole-body.ts`). */
function atHand(body: Payload | undefined): string | Uint8Array | undefined {
  return typeof body === "string" || body instanceof Uint8Array ? body : undefined;
}

/** Headers that say the same in every request are one array, which every draft without others shares. */
function compileDraftHeaders(
  exchange: Exchange,
  slug: string,
): (scope: Scope, overrides: Overrides, body: BuiltBody | undefined) => readonly string[] {
  const first = ["user-agent", `connectorc/${version} (${slug})`, "accept", accepted[exchange.response.type]];
  const early = exchange.headers.filter((entry) => !needsRequest(entry));
  const headers = compileHeaders(early);
  const cookies = compileCookies(exchange.cookies);
  if (!exchange.body && exchange.cookies.length === 0 && early.every(isFixed)) {
    let fixed: readonly string[] | undefined;
    return (scope, overrides) => {
      fixed ??= withPairs(first, headers(scope));
      return overrides.headers.length === 0 ? fixed : withPairs(fixed, overrides.headers);
    };
  }
  return (scope, overrides, body) => {
    const jar = cookies(scope);
    return withPairs(first, [
      ...(body ? [{ name: "content-type", value: body.contentType }] : []),
      ...headers(scope),
      ...overrides.headers,
      ...(jar.length > 0 ? [{ name: "cookie", value: joinPairs(jar, "; ") }] : []),
    ]);
  };
}

function isTimedExchange(exchange: Exchange): boolean {
  const entries = [...exchange.query, ...exchange.headers, ...exchange.cookies];
  return (
    entries.some(isVolatile) ||
    isTimed(exchange.url.path) ||
    (exchange.body !== undefined && isTimedBody(exchange.body.root))
  );
}

function isTimedPlacement({ headers, query, cookies }: Placement): boolean {
  return [...headers, ...query, ...cookies].some(
    (entry) => entry.kind === "template" && isTimed(entry.value),
  );
}

/** `Basic …`: what follows the scheme is as secret as the whole. */
function compileSecretTexts(exchange: Exchange, placement: Placement): (scope: Scope) => string[] {
  const lists = [exchange, placement].flatMap(({ headers, query, cookies }) => [
    compileHeaders(headers.filter(holdsSecret)),
    compileQuery(query.filter(holdsSecret)),
    compileCookies(cookies.filter(holdsSecret)),
  ]);
  return (scope) =>
    lists.flatMap((list) => list(scope)).flatMap(({ value }) => [value, ...value.split(" ").slice(1)]);
}

type Target = Pick<Draft, "origin" | "path" | "query">;

function ownTarget(base: Base, path: string, query: readonly Pair[], overrides: Overrides): Target {
  const pairs = overrides.query.length === 0 ? query : withOverrides(query, overrides.query);
  return { origin: base.origin, path: base.path + path || "/", query: joinPairs(pairs, "&") };
}

function withOverrides(query: readonly Pair[], overrides: Overrides["query"]): Pair[] {
  const added = overrides.map(({ name, value }) => ({
    name: encodeComponent(name),
    value: encodeComponent(value),
  }));
  return [...query.filter((pair) => !added.some((own) => own.name === pair.name)), ...added];
}

function withPlaced(query: string, placed: string): string {
  return query === "" || placed === "" ? query + placed : `${query}&${placed}`;
}

/** Path and query, the credentials' part of the query last. */
function targetOf({ path, query }: Draft, placed: string): string {
  const whole = withPlaced(query, placed);
  return whole === "" ? path : `${path}${path.includes("?") ? "&" : "?"}${whole}`;
}

/** A URL that a response named may repeat the credential of its own request: ours is put in anew. */
function givenTarget(
  url: { readonly origin: string; readonly target: string },
  ownNames: ReadonlySet<string>,
  own: string,
): Target {
  const target = withoutNames(url.target, ownNames);
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const given = mark < 0 ? "" : target.slice(mark + 1);
  return { origin: url.origin, path, query: given === "" ? own : own === "" ? given : `${given}&${own}` };
}

function withoutNames(url: string, names: ReadonlySet<string>): string {
  const mark = url.indexOf("?");
  if (mark < 0 || names.size === 0) return url;
  const pairs = url
    .slice(mark + 1)
    .split("&")
    .filter((pair) => !names.has(encodedOnce(pair.split("=", 1)[0] ?? "")));
  return pairs.length === 0 ? url.slice(0, mark) : `${url.slice(0, mark)}?${pairs.join("&")}`;
}

/** Servers may spell a name with more or fewer escapes than we do. */
function encodedOnce(name: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(name.replaceAll("+", " ")));
  } catch {
    return name;
  }
}

/** Credentials in their places. */
class Placed {
  readonly query: string;
  readonly #headers: readonly Pair[];
  #before: readonly string[] | undefined = undefined;
  #all: readonly string[] = [];

  constructor(query: string, headers: readonly Pair[]) {
    this.query = query;
    this.#headers = headers;
  }

  /** These headers after those of a draft. Most drafts of an operation share one array: what came of it is kept. */
  after(before: readonly string[]): readonly string[] {
    if (this.#headers.length === 0) return before;
    if (before !== this.#before) {
      this.#before = before;
      this.#all = withPairs(before, this.#headers);
    }
    return this.#all;
  }
}

/** Compiles where credentials go. What does not change with the request is kept for as long as the credentials live. */
function compilePlacement(placement: Placement): (scope: Scope, draft: Draft, method: string) => Placed {
  const headers = compileHeaders(placement.headers);
  const query = compileQuery(placement.query.filter((entry) => !needsRequest(entry)));
  const signing = compileQuery(placement.query.filter(needsRequest));
  const cookies = compileCookies(placement.cookies);
  const volatile = [...placement.headers, ...placement.query, ...placement.cookies].some(isVolatile);
  const build = (scope: Scope, pairs: readonly Pair[]): Placed => {
    const jar = cookies(scope);
    const cookie = jar.length > 0 ? [{ name: "cookie", value: joinPairs(jar, "; ") }] : [];
    return new Placed(joinPairs(pairs, "&"), [...headers(scope), ...cookie]);
  };
  if (volatile)
    return (scope, draft, method) => {
      const pairs = query(withRequest(scope, draft, method));
      const whole = { ...draft, query: withPlaced(draft.query, joinPairs(pairs, "&")) };
      const sees = withRequest(scope, whole, method);
      return build(sees, [...pairs, ...signing(sees)]);
    };
  let owner: Credentials | undefined;
  let kept: Placed | undefined;
  return (scope) => {
    if (kept === undefined || owner !== scope.credentials) {
      kept = build(scope, query(scope));
      owner = scope.credentials;
    }
    return kept;
  };
}

/** `{request.*}` sees the request without what is being made from it. */
function withRequest(scope: Scope, draft: Draft, method: string): Scope {
  const host = draft.origin.slice(draft.origin.indexOf("://") + 3);
  return {
    ...scope,
    request: { method, host, path: draft.path, query: draft.query, body: atHand(draft.body?.data) ?? "" },
  };
}

/** One line a name: the later wins, except that cookies add up. Flat, as the transport takes them. */
function withPairs(flat: readonly string[], pairs: readonly Pair[]): string[] {
  const all = [...flat];
  for (const pair of pairs) put(all, pair);
  return all;
}

function put(flat: string[], pair: Pair): void {
  for (let at = 0; at < flat.length; at += 2) {
    if (flat[at] !== pair.name) continue;
    flat[at + 1] = pair.name === "cookie" ? `${flat[at + 1]}; ${pair.value}` : pair.value;
    return;
  }
  flat.push(pair.name, pair.value);
}
