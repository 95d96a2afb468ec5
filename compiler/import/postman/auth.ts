/** The ways to sign in that a collection's requests name, as security schemes. Values of credentials are never read. */
import type { OAuth } from "../../../schema/descriptor.ts";
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
  secretField,
  signedPart,
} from "../api/security-part.ts";
import { Names, snakeCase, templateName } from "../names.ts";
import { isHarmless } from "../observed/secrecy.ts";
import { redacted } from "../observed/vault.ts";
import { isMap } from "../plain-data.ts";
import { fromMustache, literal } from "../request/mustache.ts";
import { authSettings } from "./collection.ts";
import { parseJson } from "./json-text.ts";
import type { Variables } from "./variables.ts";

/** What a request needs: the names of schemes that go together, and what cannot be said of them. */
export interface Signed {
  readonly schemes: readonly string[];
  readonly remark?: string;
}

type Settings = ReadonlyMap<string, unknown>;

export class CollectionAuth {
  readonly schemes: Map<string, Scheme> = new Map();
  readonly #variables: Variables;
  readonly #names = new Names();
  readonly #known = new Map<string, string>();

  constructor(variables: Variables) {
    this.#variables = variables;
  }

  of(auth: unknown): Signed {
    const { type, settings } = authSettings(auth);
    if (type === "noauth") return { schemes: [] };
    const part = this.#partOf(type, settings);
    if (!part)
      return {
        schemes: [],
        remark: `There is no word here for the authentication ${type}: write a profile by hand.`,
      };
    return { schemes: [this.add(type === "apikey" ? "api_key" : type, [part])] };
  }

  /** A header or an entry of the query that is a credential of its own. */
  key(where: "header" | "query", name: string, value: string): string {
    const fields = new Map<string, string>();
    const fieldOf = (variable: string): string => {
      const key = variableKey(variable);
      fields.set(key, variable);
      return key;
    };
    const own = fieldKey(name);
    const isOpen = value.includes("{{") && !value.includes(redacted);
    const template = isOpen ? fromMustache(value, fieldOf) : `${prefixOf(value)}{${fieldOf(own)}}`;
    const place = where === "query" ? { query: { [name]: template } } : { headers: { [name]: template } };
    const part: Part = {
      ...keyPart(own, name, place),
      fields: [...fields].map(([key, label]) => secretField(key, label === own ? name : label)),
    };
    return this.add(snakeCase(name) || "key", [part]);
  }

  /** `Authorization` among the headers. */
  header(value: string): string {
    const [, word = ""] = /^\s*([A-Za-z]+)\s+\S/.exec(value) ?? [];
    if (/^bearer$/i.test(word)) return this.add("bearer", [bearerPart()]);
    if (/^basic$/i.test(word)) return this.add("basic", [basicPart()]);
    if (/^digest$/i.test(word)) return this.add("digest", [digestPart()]);
    return this.key("header", "Authorization", value);
  }

  /** A variable of a path that is a credential. */
  inPath(variable: string): string {
    const key = templateName(variable);
    return this.add(snakeCase(variable) || "key", [keyPart(key, variable, {})]);
  }

  /** Parts that say the same are one scheme. */
  add(name: string, parts: readonly Part[]): string {
    const key = JSON.stringify(parts);
    const known = this.#known.get(key) ?? this.#names.take(name);
    this.#known.set(key, known);
    this.schemes.set(known, () => parts);
    return known;
  }

  #partOf(type: string, settings: Settings): Part | undefined {
    switch (type) {
      case "apikey":
        return this.#apiKey(settings);
      case "bearer":
        return bearerPart();
      case "basic":
        return basicPart();
      case "digest":
        return digestPart();
      case "oauth1":
        return this.#oauth1(settings);
      case "oauth2":
        return this.#oauth2(settings);
      case "awsv4":
        return awsPart(
          this.#said(settings, "service") ?? `{${this.#variables.setting("service")}}`,
          this.#said(settings, "region"),
        );
      case "jwt":
        return this.#jwt(settings);
      default:
        return undefined;
    }
  }

  #apiKey(settings: Settings): Part {
    const name = textOf(settings, "key") ?? "X-Api-Key";
    const key = fieldKey(name.includes("{{") ? "api_key" : name);
    const wire = name.includes("{{")
      ? (this.#variables.valueOf(name.replace(/[{}]/g, "").trim()) ?? "X-Api-Key")
      : name;
    const isQuery = textOf(settings, "in") === "query";
    return keyPart(
      key,
      `API key (${wire})`,
      isQuery ? { query: { [wire]: `{${key}}` } } : { headers: { [wire]: `{${key}}` } },
    );
  }

  #oauth1(settings: Settings): Part {
    const method = signatureMethods.find((one) => one === textOf(settings, "signatureMethod"));
    const realm = this.#said(settings, "realm");
    return signedPart("oauth1", {
      ...(method === undefined || method === "HMAC-SHA1" ? {} : { signature_method: method }),
      ...(realm === undefined ? {} : { realm }),
    });
  }

  #oauth2(settings: Settings): Part {
    const tokenUrl = this.#address(textOf(settings, "accessTokenUrl"));
    const authorizeUrl = this.#address(textOf(settings, "authUrl"));
    const grant = textOf(settings, "grant_type") ?? "authorization_code";
    const header = this.#oauthHeader(settings);
    if (grant === "password_credentials" && tokenUrl !== undefined) return passwordPart("oauth2", tokenUrl);
    const scopes = (this.#said(settings, "scope") ?? "")
      .split(/[\s,]+/)
      .filter((scope) => /^[\w:./-]{1,100}$/.test(scope));
    const oauth: OAuth = {
      ...(tokenUrl === undefined ? {} : { token_url: tokenUrl }),
      ...(scopes.length > 0 ? { default_scopes: scopes } : {}),
      ...(textOf(settings, "client_authentication") === "header" ? { client_auth: "basic" } : {}),
    };
    if (grant === "client_credentials" && tokenUrl !== undefined)
      return { ...oauthPart("oauth2_client_credentials", oauth), ...header };
    if (grant.startsWith("authorization_code") && tokenUrl !== undefined && authorizeUrl !== undefined)
      return {
        ...oauthPart("oauth2_authorization_code", { authorize_url: authorizeUrl, ...oauth }),
        ...header,
      };
    return {
      ...bearerPart("Access token"),
      remark: `OAuth 2 (${snakeCase(grant)}): a token that was obtained elsewhere, since the collection does not say from where.`,
    };
  }

  /** Where the token goes, if not behind `Bearer`. */
  #oauthHeader(settings: Settings): Partial<Part> {
    if (textOf(settings, "addTokenTo") === "queryParams")
      return { headers: {}, query: { access_token: "{access_token}" }, implied: false };
    const prefix = textOf(settings, "headerPrefix")?.trim();
    if (prefix === undefined || prefix.toLowerCase() === "bearer" || prefix.includes(redacted)) return {};
    return { headers: { Authorization: `${literal(prefix)} {access_token}` }, implied: false };
  }

  #jwt(settings: Settings): Part {
    const algorithm = textOf(settings, "algorithm") ?? "HS256";
    const payload = parseJson(textOf(settings, "payload") ?? "");
    const claims = Object.entries(isMap(payload) ? payload : {})
      .filter(([name]) => name !== "iat" && name !== "exp")
      .map(([name, value]) => [name, this.#claim(name, value)] as const);
    return {
      ...signedPart("jwt", {
        ...(algorithm === "RS256" ? {} : { algorithm }),
        key: "{key}",
        ...(String(settings.get("isSecretBase64Encoded")) === "true" ? { key_encoding: "base64" } : {}),
        ...(claims.length > 0 ? { claims: Object.fromEntries(claims) } : {}),
      }),
      fields: [secretField("key", "Signing key")],
      implied: false,
    };
  }

  /** A claim that may be somebody's own is asked for. */
  #claim(name: string, value: unknown): unknown {
    if (typeof value === "boolean") return value;
    const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
    if (text.includes("{{") && !text.includes(redacted)) return this.#variables.template(text);
    return isHarmless(name, text) ? value : `{${this.#variables.setting(name)}}`;
  }

  /** A setting of `auth` that is no secret, as a template. */
  #said(settings: Settings, key: string): string | undefined {
    const text = textOf(settings, key);
    return text === undefined || text.includes(redacted) ? undefined : this.#variables.template(text);
  }

  /** An https address; a variable at its beginning is a setting that holds one. */
  #address(text: string | undefined): string | undefined {
    if (text === undefined || text.includes(redacted)) return undefined;
    const known = text.replace(
      /^\{\{\s*([^{}]+?)\s*\}\}/,
      (hole, name: string) => this.#variables.valueOf(name) ?? hole,
    );
    const bare = known.replace(/[?#].*$/s, "").replace(/^http:/i, "https:");
    if (!/^(?:https:\/\/|\{\{)/i.test(bare) || /\/\/[^/]*@/.test(bare)) return undefined;
    const isOrigin = bare.startsWith("{{");
    return fromMustache(bare, (name) =>
      this.#variables.setting(
        name,
        isOrigin && bare.startsWith(`{{${name}`) ? { format: "uri" } : { pattern: "[A-Za-z0-9.-]+" },
      ),
    );
  }
}

const signatureMethods = ["HMAC-SHA1", "HMAC-SHA256", "HMAC-SHA512", "RSA-SHA1", "RSA-SHA256", "PLAINTEXT"];

function textOf(settings: Settings, key: string): string | undefined {
  const value = settings.get(key);
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

function fieldKey(name: string): string {
  const key = templateName(snakeCase(name) || "key");
  return key === "access_token" ? "key_access_token" : key;
}

/** A variable's own name is known to those who use the collection. */
function variableKey(name: string): string {
  const key = templateName(name);
  return key === "access_token" ? "key_access_token" : key;
}

/** The word before a key: `Token abc`. */
function prefixOf(value: string): string {
  const word = /^\s*([A-Za-z][A-Za-z-]{1,20})\s+\S/.exec(value)?.[1];
  return word === undefined || word === redacted ? "" : `${word} `;
}
