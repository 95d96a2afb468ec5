/** The calls of a recording that gave the tokens of later ones (OAuth 2.0, RFC 6749, and logins of other kinds). */

import { step } from "../api/detect/shape.ts";
import type { Vault } from "../observed/vault.ts";
import { isMap, textAt } from "../plain-data.ts";
import type { Exchange } from "./exchange.ts";

interface LoginBase {
  /** Compared with what later requests carry, and written nowhere. */
  readonly token: string;
}

export type Login = LoginBase &
  (
    | { readonly kind: "other"; readonly method: string; readonly path: string; readonly tokenPath: string }
    | ({ readonly kind: "client_credentials" | "password" } & TokenCall)
    | ({ readonly kind: "authorization_code"; readonly authorizeUrl: string } & TokenCall)
  );

interface TokenCall {
  readonly tokenUrl: string;
  /** The client's id and secret came in a header. */
  readonly basic: boolean;
  readonly scopes: readonly string[];
}

/** Whether a request asks for a token by one of OAuth's grants: what a profile does, no operation. */
export function isTokenCall({ method, body }: Exchange): boolean {
  return method === "POST" && body !== undefined && grantOf(body) !== undefined;
}

function grantOf({ fields, json }: NonNullable<Exchange["body"]>): string | undefined {
  return fields.find(([name]) => name === "grant_type")?.[1] ?? textAt(json, "grant_type");
}

export function loginsOf(all: readonly Exchange[], vault: Vault): readonly Login[] {
  const authorizeUrl = all.map((one) => authorizeUrlOf(one, vault)).find((one) => one !== undefined);
  return all.flatMap((exchange): readonly Login[] => {
    const tokens = tokensIn(exchange.answer?.json, "$", 0);
    if (tokens.length === 0) return [];
    const address = plainAddress(exchange.url, vault);
    if (address === undefined) return [];
    const grant = exchange.body && grantOf(exchange.body);
    if (grant === undefined)
      return tokens.map(([tokenPath, token]) => ({
        token,
        kind: "other",
        method: exchange.method,
        path: exchange.url.pathname,
        tokenPath,
      }));
    const call: TokenCall = {
      tokenUrl: address,
      basic: exchange.headers.some(([name, value]) => name === "authorization" && /^basic /i.test(value)),
      scopes: scopesOf(exchange, vault),
    };
    return tokens.flatMap(([, token]): readonly Login[] => {
      if (grant === "client_credentials" || grant === "password") return [{ token, kind: grant, ...call }];
      return authorizeUrl === undefined ? [] : [{ token, kind: "authorization_code", authorizeUrl, ...call }];
    });
  });
}

/** The page on which a user consents (RFC 6749, section 4.1.1). */
function authorizeUrlOf({ url }: Exchange, vault: Vault): string | undefined {
  const isAuthorize =
    url.searchParams.get("response_type")?.includes("code") && url.searchParams.has("client_id");
  return isAuthorize ? plainAddress(url, vault) : undefined;
}

/** Without user, query and fragment; undefined where the path itself holds a secret. */
function plainAddress({ protocol, host, pathname }: URL, vault: Vault): string | undefined {
  return protocol === "https:" && !vault.holds(host + pathname)
    ? `${protocol}//${host}${pathname}`
    : undefined;
}

function scopesOf({ body }: Exchange, vault: Vault): readonly string[] {
  const text = body?.fields.find(([name]) => name === "scope")?.[1] ?? textAt(body?.json, "scope") ?? "";
  return text.split(/\s+/).filter((scope) => /^[\w:./-]{1,100}$/.test(scope) && !vault.holds(scope));
}

/** Texts of an answer that are long enough to be tokens, by their JSONPath. */
function tokensIn(
  value: unknown,
  path: string,
  depth: number,
): readonly (readonly [path: string, token: string])[] {
  if (!isMap(value) || depth > 2) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    if (typeof inner === "string")
      return /token|jwt|^key$/i.test(name) && inner.length >= 8 ? [[path + step(name), inner] as const] : [];
    return tokensIn(inner, path + step(name), depth + 1);
  });
}
