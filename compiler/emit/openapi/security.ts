import type { Connector, Entry, JsonObject, OperationAuth, Placement, Profile } from "../../../schema/ir.ts";
import { createNamePool } from "../names.ts";

/** The Security Scheme Objects of a connector (OpenAPI 3.1.1, section 4.8.27). */
export interface SecuritySchemes {
  /** The alternatives of an operation: any one of them lets it pass. */
  requirements(auth: readonly OperationAuth[]): readonly JsonObject[];
  /** All schemes that were asked for, by name. */
  schemes(): JsonObject;
}

export function createSecuritySchemes(ir: Connector): SecuritySchemes {
  const names = createNamePool([]);
  const known = new Map<string, string>();
  const schemes: { [name: string]: JsonObject } = {};

  function nameOf(profile: Profile, scheme: JsonObject): string {
    const key = JSON.stringify([profile.id, scheme]);
    let name = known.get(key);
    if (name === undefined) {
      name = names.take(profile.id.replace(/[^A-Za-z0-9._-]/g, "_") || "profile");
      known.set(key, name);
      schemes[name] = { ...scheme, ...(profile.description ? { description: profile.description } : {}) };
    }
    return name;
  }

  return {
    requirements: (auth) =>
      auth.flatMap(({ profile: id, placement }) => {
        const profile = ir.profiles.find((candidate) => candidate.id === id);
        if (!profile) return [];
        const entries = schemesOf(profile, placement).map((scheme): [string, readonly string[]] => [
          nameOf(profile, scheme),
          scheme.type === "oauth2" && profile.source.kind === "oauth2" ? profile.source.scopes : [],
        ]);
        return [Object.fromEntries(entries)];
      }),
    schemes: () => schemes,
  };
}

/** All of them together carry the credentials of the profile. */
function schemesOf(profile: Profile, placement: Placement): readonly JsonObject[] {
  const flows = oauthFlows(profile);
  if (flows) return [{ type: "oauth2", flows }];
  const placed = [
    ...placement.headers.map(headerScheme),
    ...placement.query.map(({ name }) => ({ type: "apiKey", in: "query", name })),
    ...placement.cookies.map(({ name }) => ({ type: "apiKey", in: "cookie", name })),
  ];
  if (profile.signer?.kind === "digest") placed.push({ type: "http", scheme: "digest" });
  else if (profile.signer?.kind === "wsse")
    placed.push({ type: "apiKey", in: "header", name: profile.signer.header });
  else if (profile.signer) placed.push({ type: "apiKey", in: "header", name: "Authorization" });
  if (profile.mtls) placed.push({ type: "mutualTLS" });
  return placed;
}

function headerScheme(entry: Entry): JsonObject {
  const [first] = entry.kind === "template" ? entry.value.parts : [];
  const scheme = typeof first === "string" ? /^(Bearer|Basic) /i.exec(first)?.[1] : undefined;
  return entry.name.toLowerCase() === "authorization" && scheme !== undefined
    ? { type: "http", scheme: scheme.toLowerCase() }
    : { type: "apiKey", in: "header", name: entry.name };
}

/** Only where the descriptor names the endpoints as they are: a template is no URL. */
function oauthFlows({ type, settings, source }: Profile): JsonObject | undefined {
  if (source.kind !== "oauth2") return undefined;
  const authorizationUrl = urlIn(settings, "authorize_url") ?? urlIn(settings, "authorization_url");
  const tokenUrl = urlIn(settings, "token_url");
  const scopes = Object.fromEntries(source.scopes.map((scope) => [scope, ""]));
  if (tokenUrl === undefined) return undefined;
  if (type === "oauth2_client_credentials") return { clientCredentials: { tokenUrl, scopes } };
  return type === "oauth2_authorization_code" && authorizationUrl !== undefined
    ? { authorizationCode: { authorizationUrl, tokenUrl, scopes } }
    : undefined;
}

function urlIn(settings: JsonObject | undefined, key: string): string | undefined {
  const value = settings?.[key];
  return typeof value === "string" && value.startsWith("https://") && !value.includes("{")
    ? value
    : undefined;
}
