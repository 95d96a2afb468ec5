/** How recorded requests were authenticated: told from where their credentials stand, and never from what these are. */
import type { Scheme } from "../api/model.ts";
import {
  awsPart,
  basicPart,
  bearerPart,
  digestPart,
  keyPart,
  oauthPart,
  type Part,
  passwordPart,
  signedPart,
} from "../api/security-part.ts";
import { snakeCase } from "../names.ts";
import type { Notes } from "../notes.ts";
import { isSecretName } from "../observed/secrecy.ts";
import type { Vault } from "../observed/vault.ts";
import { looksSecret } from "../secrets.ts";
import type { Exchange, Pair } from "./exchange.ts";
import { isOwnHeader } from "./headers.ts";
import { type Login, loginsOf } from "./logins.ts";

/** Cookies that count visitors, balance load or keep out robots: they sign nobody in. */
const idleCookies =
  /^(?:_ga|_gid|_gat|_gcl|_fbp|_fbc|_hj|_pk_|_uet|_clck|_clsk|_dd_s|_shopify_[sy]|__utm|__cf|_cf|cf_|ajs_|amp_|amplitude|mp_|ab\.|optimizely|intercom-|hubspotutk|__hs|Optanon|OneTrust|CookieConsent|euconsent|AWSALB|BIGip|incap_|visid_|nlbi_|datadome|_px|ak_bmsc|bm_)/i;

/** So many requests with one value that looks like a key make it one, whatever its name says. */
const constantRequests = 2;

export class Authentication {
  readonly schemes: Map<string, Scheme> = new Map();
  readonly #vault: Vault;
  readonly #notes: Notes;
  readonly #logins: readonly Login[];
  /** Values of each header and query entry over all requests: a key is one value, a token of a page many. */
  readonly #values = new Map<string, { readonly values: Set<string>; count: number }>();

  constructor(exchanges: readonly Exchange[], all: readonly Exchange[], vault: Vault, notes: Notes) {
    this.#vault = vault;
    this.#notes = notes;
    this.#logins = loginsOf(all, vault);
    for (const { headers, query } of exchanges) {
      for (const [name, value] of headers) this.#count(`header ${name}`, value);
      for (const [name, value] of query) this.#count(`query ${name}`, value);
    }
  }

  #count(key: string, value: string): void {
    const known = this.#values.get(key) ?? { values: new Set<string>(), count: 0 };
    this.#values.set(key, known);
    known.values.add(value);
    known.count += 1;
  }

  /** The names of the schemes that a request used together. */
  of(exchange: Exchange): readonly string[] {
    const { headers, query } = exchange;
    const names = [
      ...headers.flatMap((pair) => this.#ofHeader(pair, exchange) ?? []),
      ...query.flatMap(([name]) => (this.isKey("query", name) ? [this.#key("query", name)] : [])),
    ];
    // A session stands in for credentials where there are no others.
    return names.length > 0 ? [...new Set(names)] : this.#ofCookies(exchange);
  }

  /** Whether an entry of the query, or a header, is a credential. */
  isKey(where: "query" | "header", name: string): boolean {
    if (this.#vault.holds(name)) return false;
    const seen = this.#values.get(`${where} ${name}`);
    const value = [...(seen?.values ?? [])][0] ?? "";
    if (isPaging(name)) return false;
    if (isSecretName(name))
      return where === "header" || isKeyName(name) || (seen?.values.size === 1 && value.length >= 8);
    return (
      seen !== undefined && seen.values.size === 1 && seen.count >= constantRequests && looksSecret(value)
    );
  }

  #ofHeader([name, value]: Pair, exchange: Exchange): string | undefined {
    if (name === "authorization") return this.#ofAuthorization(value, exchange);
    if (isOwnHeader(name) || !this.isKey("header", name)) return undefined;
    return this.#key("header", exchange.spelling.get(name) ?? name);
  }

  #key(where: "query" | "header", name: string): string {
    const id = `${snakeCase(name) || "key"}${where === "query" ? "_in_query" : ""}`;
    const field = fieldOf(name);
    const place =
      where === "query" ? { query: { [name]: `{${field}}` } } : { headers: { [name]: `{${field}}` } };
    return this.#add(id, [keyPart(field, `Key (${name})`, place)]);
  }

  #ofAuthorization(value: string, { at }: Exchange): string {
    const [, word = "", rest = ""] = /^\s*([A-Za-z][A-Za-z0-9-]*)\s+(.*)$/s.exec(value) ?? [];
    switch (word.toLowerCase()) {
      case "bearer":
        return this.#ofBearer(rest.trim());
      case "basic":
        return this.#add("basic", [basicPart()]);
      case "digest":
        return this.#add("digest", [digestPart()]);
      case "oauth":
        return this.#add("oauth1", [signedPart("oauth1", {})]);
      case "aws4-hmac-sha256":
        return this.#ofAws(rest);
      case "negotiate":
      case "ntlm":
        this.#notes.lose(
          at,
          `There is no word here for the authentication ${word}: a header is asked for in its place.`,
        );
        break;
    }
    const isScheme = /^[A-Za-z][A-Za-z-]{1,20}$/.test(word) && !this.#vault.holds(word);
    const header = isScheme ? `${word} {authorization}` : "{authorization}";
    return this.#add(isScheme ? snakeCase(word) : "authorization", [
      keyPart("authorization", isScheme ? `${word} (Authorization)` : "Authorization", {
        headers: { Authorization: header },
      }),
    ]);
  }

  /** The call that gave the token tells how a client gets one of its own. */
  #ofBearer(token: string): string {
    const login = this.#logins.find((one) => one.token === token);
    if (!login) return this.#add("bearer", [bearerPart()]);
    if (login.kind === "other")
      return this.#add("bearer", [
        {
          ...bearerPart(),
          remark: `The token comes from the answer of ${login.method} ${login.path} (${login.tokenPath}): a credential chain could fetch it.`,
        },
      ]);
    const oauth = {
      token_url: login.tokenUrl,
      ...(login.basic ? { client_auth: "basic" as const } : {}),
      ...(login.scopes.length > 0 ? { default_scopes: [...login.scopes] } : {}),
    };
    if (login.kind === "authorization_code")
      return this.#add("oauth2", [
        oauthPart("oauth2_authorization_code", { authorize_url: login.authorizeUrl, ...oauth }),
      ]);
    if (login.kind === "password") return this.#add("oauth2", [passwordPart("oauth2", login.tokenUrl)]);
    return this.#add("oauth2", [oauthPart("oauth2_client_credentials", oauth)]);
  }

  #ofAws(rest: string): string {
    const [, region, service] =
      /Credential=[^/,\s]+\/\d{8}\/([a-z0-9-]{2,30})\/([a-z0-9-]{2,40})\/aws4_request/.exec(rest) ?? [];
    if (region === undefined || service === undefined)
      return this.#add("authorization", [
        keyPart("authorization", "Authorization", { headers: { Authorization: "{authorization}" } }),
      ]);
    return this.#add("aws", [awsPart(service, region === "us-east-1" ? undefined : region)]);
  }

  /** Those that by name or form carry a session. */
  #ofCookies({ cookies }: Exchange): readonly string[] {
    const names = cookies
      .filter(
        ([name, value]) =>
          !idleCookies.test(name) &&
          !this.#vault.holds(name) &&
          (isSecretName(name) || /sess|sid$|auth|remember|login/i.test(name) || looksSecret(value)),
      )
      .map(([name]) => name);
    const unique = [...new Set(names)].sort();
    if (unique.length === 0) return [];
    const fields = unique.map((name) => ({
      key: fieldOf(name),
      label: `Cookie ${name}`,
      field_type: "secret" as const,
    }));
    const [first] = unique;
    const part: Part = {
      ...keyPart(fieldOf(first ?? ""), "", {
        cookies: Object.fromEntries(unique.map((name) => [name, `{${fieldOf(name)}}`])),
      }),
      fields,
      remark:
        "Cookies of a browser's session, which end with it: an API key or OAuth is better where the service has them.",
    };
    return [this.#add(`session_${unique.map(snakeCase).join("_")}`.slice(0, 60).replace(/_+$/, ""), [part])];
  }

  #add(name: string, parts: readonly Part[]): string {
    if (!this.schemes.has(name)) this.schemes.set(name, () => parts);
    return name;
  }
}

/** Names of keys proper, as against those of tokens that lead to a next page. */
function isKeyName(name: string): boolean {
  return /key|secret|password|auth|^(?:access_?|api_?)?token$|jwt|signature|^sig$/i.test(name);
}

function isPaging(name: string): boolean {
  return /page|next|cursor|continuation|sync|start|marker/i.test(name);
}

function fieldOf(name: string): string {
  const key = snakeCase(name);
  return key === "" || /^\d/.test(key) || key === "access_token" ? `key_${key}` : key;
}
