/** OAuth 1.0a signatures in the `Authorization` header (RFC 5849, section 3). */
import { encodeBytes } from "../crypto/encoding.ts";
import { hmac } from "../crypto/hash.ts";
import { signRsa } from "../crypto/jwt.ts";
import { decodeComponent, encodeStrict, splitTarget, type Unsigned } from "./unsigned.ts";

export type OAuth1Method =
  | "HMAC-SHA1"
  | "HMAC-SHA256"
  | "HMAC-SHA512"
  | "RSA-SHA1"
  | "RSA-SHA256"
  | "PLAINTEXT";

export interface OAuth1Keys {
  readonly consumerKey: string;
  /** A shared secret; for RSA methods the consumer's private key in PEM. */
  readonly consumerSecret: string;
  readonly token?: string;
  readonly tokenSecret?: string;
}

export interface OAuth1Stamp {
  /** Unix time in seconds. */
  readonly timestamp: number;
  readonly nonce: string;
}

export interface OAuth1Settings {
  readonly method: OAuth1Method;
  readonly realm?: string;
  /** Protocol parameters of a token call: `oauth_callback`, `oauth_verifier`. */
  readonly extra?: readonly (readonly [string, string])[];
}

/** The value of the `Authorization` header. */
export function signOAuth1(
  request: Unsigned,
  keys: OAuth1Keys,
  settings: OAuth1Settings,
  { timestamp, nonce }: OAuth1Stamp,
): string {
  const parameters: (readonly [string, string])[] = [
    ["oauth_consumer_key", keys.consumerKey],
    ...(keys.token === undefined ? [] : [["oauth_token", keys.token] as const]),
    ["oauth_signature_method", settings.method],
    ["oauth_timestamp", String(timestamp)],
    ["oauth_nonce", nonce],
    ["oauth_version", "1.0"],
    ...(settings.extra ?? []),
  ];
  const signature = signatureOf(baseString(request, parameters), keys, settings.method);
  const realm = settings.realm === undefined ? [] : [`realm="${quoted(settings.realm)}"`];
  const shown = [...parameters, ["oauth_signature", signature] as const].map(
    ([name, value]) => `${encodeStrict(name)}="${encodeStrict(value)}"`,
  );
  return `OAuth ${[...realm, ...shown].join(", ")}`;
}

/** RFC 5849, section 3.5.1: the realm is a quoted string (RFC 9110, section 5.6.4), not percent-encoded. */
function quoted(text: string): string {
  return text.replace(/["\\]/g, "\\$&");
}

function signatureOf(base: string, keys: OAuth1Keys, method: OAuth1Method): string {
  const key = `${encodeStrict(keys.consumerSecret)}&${encodeStrict(keys.tokenSecret ?? "")}`;
  switch (method) {
    case "PLAINTEXT":
      return key;
    case "HMAC-SHA1":
      return encodeBytes(hmac("sha1", key, base), "base64");
    case "HMAC-SHA256":
      return encodeBytes(hmac("sha256", key, base), "base64");
    case "HMAC-SHA512":
      return encodeBytes(hmac("sha512", key, base), "base64");
    case "RSA-SHA1":
      return encodeBytes(signRsa("sha1", keys.consumerSecret, base), "base64");
    case "RSA-SHA256":
      return encodeBytes(signRsa("sha256", keys.consumerSecret, base), "base64");
  }
}

/** RFC 5849, section 3.4.1. */
export function baseString(request: Unsigned, parameters: readonly (readonly [string, string])[]): string {
  const { path, query } = splitTarget(request.target);
  const all = [...parsePairs(query, false), ...formPairs(request), ...parameters]
    .map(([name, value]) => [encodeStrict(name), encodeStrict(value)] as const)
    .sort(([a, x], [b, y]) => byCode(a, b) || byCode(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  return [request.method.toUpperCase(), `${request.origin}${path}`, all].map(encodeStrict).join("&");
}

/** A form body takes part (RFC 5849, section 3.4.1.3.1); any other body does not. */
function formPairs({ headers, body }: Unsigned): readonly (readonly [string, string])[] {
  const type = headers.find(({ name }) => name === "content-type")?.value ?? "";
  const isForm = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(type);
  if (!isForm || body === undefined) return [];
  return parsePairs(typeof body === "string" ? body : new TextDecoder().decode(body), true);
}

function parsePairs(text: string, plusIsBlank: boolean): readonly (readonly [string, string])[] {
  const decode = (part: string): string => decodeComponent(plusIsBlank ? part.replaceAll("+", " ") : part);
  return text
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const equals = pair.indexOf("=");
      return equals < 0
        ? ([decode(pair), ""] as const)
        : ([decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))] as const);
    });
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
