/** Makes requests of the exchanges of a plan. */

import { accepted } from "../../schema/language/accept.ts";
import type {
  EntryPlan,
  ExchangePlan,
  OriginPlan,
  PlacementPlan,
  Text,
} from "../../schema/standalone-plan.ts";
import { encodeComponent, encoders } from "../request/encode.ts";
import { checkAuthority, checkHost } from "../request/host.ts";
import { Refused } from "../request/refused.ts";
import { isEmpty, toPairs, toStyledText } from "../request/styles.ts";
import { isScalar, toText } from "../request/text.ts";
import { version } from "../version.ts";
import { type BodyPlace, bodyOf } from "./body.ts";
import { planHas } from "./plan-has.ts";
import { type Encode, firstSource, holdsSecret, naming, render, type Scope, valueError } from "./template.ts";

/** What a caller adds to one request: paging values, an idempotency key, a URL that an answer named. */
export interface Additions {
  query: (readonly [string, string])[];
  headers: (readonly [string, string])[];
  body: BodyPlace[];
  url?: string;
}

export interface Draft {
  readonly origin: string;
  /** The origin that the exchange itself names. */
  readonly own: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Map<string, string>;
  readonly body: string | Uint8Array | undefined;
}

/** Encoded; one without a value stands alone. */
type Pair = readonly [name: string, value?: string];

/** A request without its credentials. What templates make of secrets joins `secrets`. */
export function draftOf(
  exchange: ExchangePlan,
  slug: string,
  scope: Scope,
  { query, headers: added, body: places, url }: Additions,
  placement: PlacementPlan,
  secrets: unknown[],
): Draft {
  const { body: content, type = "json", late } = exchange;
  const built = content && bodyOf(content, scope, places);
  const base = originOf(exchange.origin, scope);
  const target = new URL(url ?? "x:");
  const names = ownNames(exchange, placement);
  const own = pairsOf(
    "query",
    url === undefined ? exchange.query : secretEntries(exchange.query),
    scope,
    secrets,
  );
  const given = query.map(([name, value]): Pair => [encodeComponent(name), encodeComponent(value)]);
  const kept = own.filter(([name]) => !given.some(([other]) => other === name));
  const draft = {
    own: base.origin,
    ...(url === undefined
      ? {
          origin: base.origin,
          path: base.path + pathOf(exchange.path, scope) || "/",
          query: joined([...kept, ...given], "&"),
        }
      : {
          origin: target.origin,
          path: target.pathname,
          query: [withoutNames(target.search.slice(1), names), joined(own, "&")].filter(Boolean).join("&"),
        }),
    headers: new Map([
      ["user-agent", `connectorc/${version} (${slug})`],
      ["accept", accepted[type]],
    ]),
    body: built?.[0],
  };
  if (built) put(draft.headers, [["content-type", built[1]]]);
  put(draft.headers, pairsOf("header", exchange.headers, scope, secrets));
  put(draft.headers, added);
  if (planHas.cookies) put(draft.headers, cookiesOf(exchange.cookies, scope, secrets));
  if (planHas.late && late)
    put(draft.headers, pairsOf("header", late, seeing(scope, draft, exchange.method), secrets));
  return draft;
}

/** Path and query, and all headers, with the credentials in their places. */
export function placed(
  draft: Draft,
  { query, late, headers: entries, cookies }: PlacementPlan,
  method: string,
  scope: Scope,
  secrets: unknown[],
): { readonly target: string; readonly headers: Map<string, string> } {
  const first = pairsOf("query", query, seeing(scope, draft, method), secrets);
  const sees = seeing(
    scope,
    { ...draft, query: [draft.query, joined(first, "&")].filter(Boolean).join("&") },
    method,
  );
  const own = joined([...first, ...(planHas.late ? pairsOf("query", late, sees, secrets) : [])], "&");
  const whole = [draft.query, own].filter(Boolean).join("&");
  const headers = new Map(draft.headers);
  put(headers, pairsOf("header", entries, sees, secrets));
  if (planHas.cookies) put(headers, cookiesOf(cookies, sees, secrets));
  return { target: draft.path + (whole && `${draft.path.includes("?") ? "&" : "?"}${whole}`), headers };
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

/** `{request.*}` sees the request without what is being made from it. */
function seeing(scope: Scope, draft: Draft, method: string): Scope {
  const { origin, path, query, body = "" } = draft;
  const parts: Readonly<Record<string, unknown>> = { method, host: origin.split("//")[1], path, query, body };
  return { ...scope, get: (key) => (key[0] === "r" ? parts[key.slice(2)] : scope.get(key)) };
}

function joined(pairs: readonly Pair[], separator: string): string {
  return pairs.map(([name, value]) => (value === undefined ? name : `${name}=${value}`)).join(separator);
}

function cookiesOf(entries: readonly EntryPlan[] | undefined, scope: Scope, secrets: unknown[]): Pair[] {
  const pairs = pairsOf("cookie", entries, scope, secrets);
  return pairs.length === 0 ? [] : [["cookie", joined(pairs, "; ")]];
}

function pairsOf(
  place: "query" | "header" | "cookie",
  entries: readonly EntryPlan[] = [],
  scope: Scope,
  secrets: unknown[],
): Pair[] {
  const encode = encoders[place];
  const pairs: Pair[] = [];
  for (const [name, content, style, explode = false] of entries) {
    const key = place === "header" ? name.toLowerCase() : encode(name);
    if (style === undefined) {
      const text = render(content, scope);
      if (text === undefined) continue;
      pairs.push([key, text]);
      // `Basic …`: what follows the scheme is as secret as the whole.
      if (holdsSecret(content)) secrets.push(text, ...text.split(" ").slice(1));
    } else if (style === "bare") pairs.push([key]);
    else {
      const source = `p:${String(content)}`;
      const value = scope.get(source);
      if (value === undefined || value === null) continue;
      naming(source, () => {
        if (planHas.flags && style === "flag") {
          if (value === true) pairs.push([key]);
        } else if (isScalar(value)) pairs.push([key, encode(toText(value))]);
        else pairs.push(...styledPairs(place, name, value, style as "form", explode, encode));
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
  if (place === "header") {
    const key = name.toLowerCase();
    return isEmpty(value) ? [] : [[key, toStyledText(key, value, style, explode, encode)]];
  }
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
