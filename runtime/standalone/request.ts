/** Makes requests of the exchanges of a plan. */

import { accepted } from "../../schema/language/accept.ts";
import type {
  EntryPlan,
  ExchangePlan,
  OriginPlan,
  PlacementPlan,
  Text,
} from "../../schema/standalone-plan.ts";
import { encodeComponent } from "../request/component.ts";
import { encoders } from "../request/encode.ts";
import { checkAuthority, checkHost } from "../request/host.ts";
import { Refused } from "../request/refused.ts";
import { isEmpty, toPairs, toStyledText } from "../request/styles.ts";
import { isScalar, toText } from "../request/text.ts";
import { version } from "../version.ts";
import { type BodyPlace, bodyOf } from "./body.ts";
import type { Job } from "./call.ts";
import { planHas } from "./plan-has.ts";
import { type Encode, firstSource, holdsSecret, naming, render, type Scope, valueError } from "./template.ts";

/** What a caller adds to one request: parameters, paging values, an idempotency key, a URL that an answer named. */
export interface Additions {
  readonly values: Map<string, unknown>;
  readonly query: (readonly [string, string])[];
  readonly headers: (readonly [string, string])[];
  readonly body: BodyPlace[];
  readonly url?: string;
}

export interface Made {
  readonly method: string;
  readonly origin: string;
  /** The origin that the exchange itself names. */
  readonly own: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Map<string, string>;
  readonly body: string | Uint8Array | undefined;
}

/** Encoded; one without a value stands alone. */
type Pair = readonly [name: string, value?: string];

/** A request, to `url` where an answer named one. What templates make of secrets joins `secrets`. */
export function requestOf(
  {
    exchange,
    placement,
    plan: { slug },
    additions,
  }: Pick<Job, "exchange" | "placement" | "plan" | "additions">,
  scope: Scope,
  url: string | undefined,
  secrets: unknown[],
): Made {
  const { method, type = "json", body: content, query: entries } = exchange;
  const pairs = (place: Place, list: readonly EntryPlan[] | undefined, inner: Scope = scope): Pair[] =>
    pairsOf(place, list, inner, secrets);
  const [body, media] = (content && bodyOf(content, scope, additions.body)) ?? [];
  const base = originOf(exchange.origin, scope);
  const own = base.origin;
  let { origin, path } = base;
  let query: string;
  if (url === undefined) {
    path = path + pathOf(exchange.path, scope) || "/";
    let all = pairs("query", entries);
    if (planHas.querySlots) {
      const given = additions.query.map((pair): Pair => pair.map(encodeComponent) as never);
      all = [...all.filter(([name]) => !given.some(([other]) => other === name)), ...given];
    }
    query = joined(all);
  } else {
    const target = new URL(url);
    ({ origin, pathname: path } = target);
    query = target.search.slice(1);
    if (planHas.ownQuery)
      query = both(
        withoutNames(query, ownNames(exchange, placement)),
        joined(pairs("query", secretEntries(entries))),
      );
  }
  const headers = new Map([
    ["user-agent", `connectorc/${version} (${slug})`],
    ["accept", accepted[type]],
  ]);
  if (media) headers.set("content-type", media);
  put(headers, pairs("header", exchange.headers));
  if (planHas.addedHeaders) put(headers, additions.headers);
  if (planHas.cookies) put(headers, cookiesOf(pairs("cookie", exchange.cookies)));
  /** `{request.*}` sees the request without what is being made from it. */
  const seeing = (more: readonly Pair[]): Scope => {
    if (!planHas.requestParts) return scope;
    const parts: Readonly<Record<string, unknown>> = {
      method,
      host: origin.split("//")[1],
      path,
      query: both(query, joined(more)),
      body: body ?? "",
    };
    return { ...scope, get: (key) => (key[0] === "r" ? parts[key.slice(2)] : scope.get(key)) };
  };
  if (planHas.late) put(headers, pairs("header", exchange.late, seeing([])));
  const first = planHas.ownQuery ? pairs("query", placement.query, seeing([])) : [];
  const sees = planHas.requestParts ? seeing(first) : scope;
  if (planHas.late) first.push(...pairs("query", placement.late, sees));
  put(headers, pairs("header", placement.headers, sees));
  if (planHas.cookies) put(headers, cookiesOf(pairs("cookie", placement.cookies, sees)));
  query = planHas.ownQuery ? both(query, joined(first)) : query;
  return {
    method,
    own,
    origin,
    target: path + (query && (planHas.queryInPath && path.includes("?") ? "&" : "?") + query),
    headers,
    body,
  };
}

/** Two parts of a query, of which each may be empty. */
function both(one: string, other: string): string {
  return one && other ? `${one}&${other}` : one + other;
}

/** A URL without the query entries in which credentials and secrets go: servers repeat them in next URLs. */
export function withoutCredentials(url: string, exchange: ExchangePlan, placement: PlacementPlan): string {
  const [path = "", query = ""] = url.split(/\?(.*)/s);
  const left = withoutNames(query, ownNames(exchange, placement));
  return left === "" ? path : `${path}?${left}`;
}

/** One line a name: the later wins, except that cookies add up. */
export function put(headers: Map<string, string>, pairs: Iterable<Pair>): void {
  for (const [name, value = ""] of pairs) {
    const before = headers.get(name);
    headers.set(name, name === "cookie" && before !== undefined ? `${before}; ${value}` : value);
  }
}

function ownNames(exchange: ExchangePlan, { query = [], late = [] }: PlacementPlan): readonly string[] {
  return [...query, ...late, ...secretEntries(exchange.query)].map(([name]) => encodeComponent(name));
}

function secretEntries(entries: readonly EntryPlan[] = []): readonly EntryPlan[] {
  return entries.filter((entry) => entry.length === 2 && holdsSecret(entry[1]));
}

function withoutNames(query: string, names: readonly string[]): string {
  return query
    .split("&")
    .filter((pair) => !names.includes(encodedOnce(pair.split("=", 1)[0] ?? "")))
    .join("&");
}

/** Servers may spell a name with more or fewer escapes than we do. */
function encodedOnce(name: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(name.replaceAll("+", " ")));
  } catch {
    return name;
  }
}

function joined(pairs: readonly Pair[], separator: string = "&"): string {
  // One without a value stands alone.
  return pairs.map((pair) => pair.join("=")).join(separator);
}

function cookiesOf(pairs: readonly Pair[]): Pair[] {
  return pairs.length === 0 ? [] : [["cookie", joined(pairs, "; ")]];
}

type Place = "query" | "header" | "cookie";

function pairsOf(place: Place, entries: readonly EntryPlan[] = [], scope: Scope, secrets: unknown[]): Pair[] {
  const encode = encoders[place];
  const pairs: Pair[] = [];
  for (const [name, content, style, explode = false] of entries) {
    const key = encode(name);
    if (style === undefined) {
      const text = render(content, scope);
      if (text === undefined) continue;
      pairs.push([key, text]);
      // `Basic …`: what follows the scheme is as secret as the whole.
      if (holdsSecret(content)) secrets.push(text, ...text.split(" ").slice(1));
    } else if (planHas.bare && style === "bare") pairs.push([key]);
    else {
      const source = `p:${String(content)}`;
      const value = scope.get(source);
      if (value === undefined || value === null) continue;
      naming(source, () => {
        if (planHas.flags && style === "flag") {
          if (value === true) pairs.push([key]);
        } else if (planHas.structures && !isScalar(value))
          pairs.push(...styledPairs(place, name, value, style as "form", explode, encode));
        else pairs.push([key, encode(toText(value))]);
      });
    }
  }
  return pairs;
}

/** Lists and maps. The first equals sign ends a cookie's name (RFC 6265, section 5.2). */
function styledPairs(
  place: string,
  name: string,
  value: unknown,
  style: "form",
  explode: boolean,
  encode: (text: string) => string,
): Pair[] {
  if (place === "header")
    return isEmpty(value) ? [] : [[name, toStyledText(name, value, style, explode, encode)]];
  return toPairs(name, value, style, explode, encode).map((pair) => {
    if (place === "cookie" && (pair.name === "" || pair.name.includes("=")))
      throw new Refused("has a key that is empty or holds an equals sign, which the name of a cookie cannot");
    return pair.bare ? [pair.name] : [pair.name, pair.value];
  });
}

interface Base {
  readonly origin: string;
  /** What a whole base URL brings along. */
  readonly path: string;
}

/** Where a request goes. */
export function originOf(origin: OriginPlan, scope: Scope): Base {
  return typeof origin === "string" ? { origin, path: "" } : madeOrigin(origin, scope);
}

function madeOrigin(origin: Exclude<OriginPlan, string>, scope: Scope): Base {
  const isBase = "base" in origin;
  const text = isBase ? origin.base : origin.host;
  const isSplit = !isBase && typeof text !== "string" && text.length > 1;
  const encode: Encode | undefined = isSplit
    ? (part, context) => (context === "authority" ? checkHost(part) : encoders[context](part))
    : undefined;
  const value = render(text, scope, encode);
  const source = firstSource(text);
  if (value === undefined) throw valueError(source, "is absent from the URL");
  return naming(source, () =>
    isBase
      ? parseBase(value)
      : { origin: canonical(origin.scheme, checkAuthority(value, origin.scheme)), path: "" },
  );
}

/** A whole base URL: scheme, host, perhaps a path; nothing else. */
function parseBase(text: string): Base {
  const [, scheme = "", host = "", path = ""] =
    /^(https?):\/\/([^/?#\\@\s]+)(\/[^?#\\\s]*)?$/i.exec(text) ?? [];
  if (!host) throw new Refused("is no base URL. Give https:// and a host, perhaps a path, and nothing else");
  if (/\/(?:\.|%2e){1,2}(?:\/|$)/i.test(path) || /[^\x21-\x7e]/.test(path))
    throw new Refused("has a path with dot segments or characters that are not percent-encoded");
  const kind = scheme.toLowerCase() === "http" ? "http" : "https";
  return { origin: canonical(kind, checkAuthority(host, kind)), path: path.replace(/\/+$/, "") };
}

/** One spelling of an origin: what an answer names is compared with it. */
function canonical(scheme: string, authority: string): string {
  const text = `${scheme}://${authority}`;
  if (!URL.canParse(text)) throw new Refused("is no host name and no IP address");
  return new URL(text).origin;
}

/** What is left of a value is percent-encoded and cannot add, drop or climb segments. */
function pathOf(path: Text, scope: Scope): string {
  const text = render(path, scope);
  const isClimbing = text !== undefined && typeof path !== "string" && /\/\.{1,2}(?:\/|$)/.test(text);
  if (text === undefined || isClimbing)
    throw valueError(
      firstSource(path),
      isClimbing ? "would make a path segment of dots" : "is absent from the URL",
    );
  return text;
}
