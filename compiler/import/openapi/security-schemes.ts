/** Security schemes to parts of profiles: what each kind sends, and where. */
import type { OAuth } from "../../../schema/descriptor.ts";
import type { Located } from "../api/model.ts";
import {
  basicPart,
  bearerPart,
  certificatePart,
  digestPart,
  keyPart,
  oauthPart,
  type Part,
  passwordPart,
} from "../api/security-part.ts";
import { snakeCase } from "../names.ts";
import type { Notes } from "../notes.ts";
import { isMap, mapAt, textAt } from "../plain-data.ts";
import { shortText } from "../prose.ts";

/** The parts of a scheme: several where it has several flows, of which a user takes one. */
export function partsOf(name: string, scheme: Located, baseUrl: string, notes: Notes): readonly Part[] {
  const { value, at: pointer } = scheme;
  const description = shortText(textAt(value, "description"), 500);
  const parts = kindOf(name, value, pointer, baseUrl, notes);
  return parts.map((part) => (description === undefined ? part : { ...part, description }));
}

function kindOf(
  name: string,
  value: unknown,
  pointer: string,
  baseUrl: string,
  notes: Notes,
): readonly Part[] {
  const type = textAt(value, "type");
  switch (type) {
    case "apiKey":
      return apiKey(name, value, pointer, notes);
    case "basic":
      return [basicPart()];
    case "http":
      return [http(textAt(value, "scheme") ?? "bearer", name)];
    case "oauth2":
      return flows(name, value, pointer, baseUrl, notes);
    case "openIdConnect":
      return [
        {
          ...bearerPart("Access token"),
          remark:
            "OpenID Connect: its addresses are in a document that is not fetched here. Give an access token, or make this an OAuth profile with `authorize_url` and `token_url`.",
        },
      ];
    case "mutualTLS":
      return [certificatePart()];
    default:
      notes.lose(pointer, `A security scheme of type ${type ?? "(none)"} is not known: it is left out.`);
      return [];
  }
}

function apiKey(name: string, value: unknown, pointer: string, notes: Notes): readonly Part[] {
  const key = textAt(value, "name");
  const where = textAt(value, "in");
  if (key === undefined) {
    notes.lose(pointer, "This API key has no name: it is left out.");
    return [];
  }
  const field = `{${fieldKey(name)}}`;
  const label = labelOf(name, key);
  if (where === "query") return [keyPart(fieldKey(name), label, { query: { [key]: field } })];
  if (where === "cookie") return [keyPart(fieldKey(name), label, { cookies: { [key]: field } })];
  const part = keyPart(fieldKey(name), label, { headers: { [key]: field } });
  return key.toLowerCase() === "authorization"
    ? [
        {
          ...part,
          remark: "The whole value of Authorization, with the word before the key if the API wants one.",
        },
      ]
    : [part];
}

/** The scheme's own name as the key of its field. */
function fieldKey(name: string): string {
  const key = snakeCase(name);
  return key === "" || /^\d/.test(key) || key === "access_token" ? `key_${key}` : key;
}

function labelOf(name: string, key: string): string {
  return key.toLowerCase() === "authorization" ? "API key" : `API key (${shortText(key, 60) ?? name})`;
}

function http(scheme: string, name: string): Part {
  switch (scheme.toLowerCase()) {
    case "basic":
      return basicPart();
    case "digest":
      return digestPart();
    case "bearer":
      return bearerPart();
    default:
      return keyPart(fieldKey(name), "Token", {
        headers: { Authorization: `${scheme.replace(/[{}\s]/g, "")} {${fieldKey(name)}}` },
      });
  }
}

/** Flows of OpenAPI 3, and the one flow of Swagger 2. */
function flows(
  name: string,
  value: unknown,
  pointer: string,
  baseUrl: string,
  notes: Notes,
): readonly Part[] {
  const old = textAt(value, "flow");
  const all =
    old === undefined ? Object.entries(mapAt(value, "flows")) : [[oldFlows[old] ?? old, value] as const];
  const parts = all.flatMap(([flow, settings]) =>
    isMap(settings) ? (flowPart(flow, settings, name, baseUrl) ?? []) : [],
  );
  if (parts.length > 0) return parts;
  const names = all.map(([flow]) => flow).join(", ");
  notes.lose(
    pointer,
    `Of OAuth 2 flow ${names || "(none)"} only the token is carried: the user gives one that was obtained elsewhere.`,
  );
  return [
    {
      ...bearerPart("Access token"),
      remark: `OAuth 2 (${names || "no flow is named"}): a token that was obtained elsewhere.`,
    },
  ];
}

const oldFlows: { readonly [flow: string]: string } = {
  accessCode: "authorizationCode",
  application: "clientCredentials",
};

/** Undefined for what no descriptor can do, or what lacks an address. */
function flowPart(flow: string, settings: unknown, name: string, baseUrl: string): Part | undefined {
  const tokenUrl = address(textAt(settings, "tokenUrl"), baseUrl);
  if (tokenUrl === undefined) return undefined;
  if (flow === "clientCredentials")
    return oauthPart("oauth2_client_credentials", { token_url: tokenUrl, ...more(settings, baseUrl, false) });
  if (flow === "password") return passwordPart(snakeCase(name) || "oauth", tokenUrl);
  const authorizeUrl = address(textAt(settings, "authorizationUrl"), baseUrl);
  if (flow !== "authorizationCode" || authorizeUrl === undefined) return undefined;
  return oauthPart("oauth2_authorization_code", {
    authorize_url: authorizeUrl,
    token_url: tokenUrl,
    ...more(settings, baseUrl, true),
  });
}

/** A token that no person gave is not refreshed: another one is asked for. */
function more(settings: unknown, baseUrl: string, refreshes: boolean): Partial<OAuth> {
  const refresh = refreshes ? address(textAt(settings, "refreshUrl"), baseUrl) : undefined;
  const scopes = Object.entries(mapAt(settings, "scopes")).flatMap(([scope, says]) => {
    if (scope.trim() === "") return [];
    const description = shortText(typeof says === "string" ? says : undefined, 500);
    return [description === undefined ? scope : { name: scope, description }];
  });
  return {
    ...(refresh === undefined ? {} : { refresh_url: refresh }),
    ...(scopes.length > 0 ? { scopes } : {}),
  };
}

/** An https address; what is relative counts from the server, where that is a fixed one. */
function address(url: string | undefined, baseUrl: string): string | undefined {
  if (url === undefined || /[{}\s]/.test(url)) return undefined;
  try {
    const absolute = new URL(url, /^https:\/\/[^{}]+$/.test(baseUrl) ? `${baseUrl}/` : undefined);
    if (absolute.protocol === "http:") absolute.protocol = "https:";
    const isFit = absolute.protocol === "https:" && absolute.username === "" && absolute.hash === "";
    return isFit ? absolute.href.replace(/\/$/, url.endsWith("/") ? "/" : "") : undefined;
  } catch {
    return undefined;
  }
}
