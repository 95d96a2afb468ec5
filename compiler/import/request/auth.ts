/** Ways of signing in as small connector formats say them: a type, a place for the key, token URLs. */
import type { AuthProfile, TemplateMap } from "../../../schema/descriptor.ts";
import type { Notes } from "../notes.ts";
import { at, type DataMap, listAt, textAt } from "../plain-data.ts";
import type { Meanings } from "./meanings.ts";
import { fromMustache, literal, onlyHole } from "./mustache.ts";

/** A profile of `auth`, whose `type` is none, api_key, bearer, basic or oauth2; undefined for another, which is told. */
export function profileOf(
  auth: DataMap,
  place: string,
  meanings: Meanings,
  notes: Notes,
): AuthProfile | undefined {
  const type = (textAt(auth, "type") ?? "none").toLowerCase().replace(/[-\s]/g, "_");
  switch (type) {
    case "none":
      return { type: "none" };
    case "api_key":
    case "apikey":
      return keyOf(auth, meanings);
    case "bearer":
    case "bearer_token":
    case "token":
      return bearerOf(auth, meanings);
    case "basic":
      return basicOf(auth, meanings);
    case "oauth2":
    case "oauth2_client_credentials":
    case "client_credentials":
      return oauthOf(auth, meanings);
    default:
      notes.lose(place, `There is no word here for the authentication ${type}; write a profile by hand.`);
      return undefined;
  }
}

/** The field that a `…Ref` of the source names, else one of the usual name. */
function fieldOf(
  auth: DataMap,
  refs: readonly string[],
  usual: string,
  label: string,
  meanings: Meanings,
): string {
  const ref = refs.map((key) => textAt(auth, key)).find((text) => text !== undefined);
  const hole = ref === undefined ? undefined : (onlyHole(ref) ?? ref);
  const name = meanings.of(`secrets.${(hole ?? usual).replace(/^secrets\./, "")}`).name;
  const field = meanings.credentials.get(name);
  if (field?.label === field?.key && field) field.label = label;
  return name;
}

function keyOf(auth: DataMap, meanings: Meanings): AuthProfile {
  const key = fieldOf(auth, ["valueRef", "keyRef", "apiKeyRef", "value"], "apiKey", "API key", meanings);
  const query = textAt(auth, "query") ?? textAt(auth, "queryParam") ?? textAt(auth, "param");
  const place = (
    textAt(auth, "in") ??
    textAt(auth, "location") ??
    (query ? "query" : "header")
  ).toLowerCase();
  const named = textAt(auth, "name") ?? textAt(auth, "header") ?? textAt(auth, "headerName");
  const prefix = textAt(auth, "prefix");
  const fields = [fieldIn(key, meanings)];
  if (place === "query")
    return { type: "api_key", fields, auth_query: { [query ?? named ?? "api_key"]: `{${key}}` } };
  const value = prefix === undefined ? `{${key}}` : `${literal(prefix)} {${key}}`;
  return { type: "api_key", fields, auth_headers: { [named ?? "X-API-Key"]: value } };
}

function bearerOf(auth: DataMap, meanings: Meanings): AuthProfile {
  const token = fieldOf(auth, ["tokenRef", "valueRef", "value"], "token", "Token", meanings);
  const own: TemplateMap = { Authorization: `Bearer {${token}}` };
  return {
    type: "bearer",
    ...(token === "token" ? {} : { fields: [fieldIn(token, meanings)], auth_headers: own }),
  };
}

function basicOf(auth: DataMap, meanings: Meanings): AuthProfile {
  const user = fieldOf(auth, ["usernameRef", "userRef", "username"], "username", "User name", meanings);
  const password = fieldOf(auth, ["passwordRef", "password"], "password", "Password", meanings);
  if (user === "username" && password === "password") return { type: "basic" };
  return {
    type: "basic",
    fields: [fieldIn(user, meanings), fieldIn(password, meanings)],
    auth_headers: { Authorization: `Basic {base64("{${user}}:{${password}}")}` },
  };
}

function oauthOf(auth: DataMap, meanings: Meanings): AuthProfile {
  const id = fieldOf(auth, ["clientIdRef"], "client_id", "Client id", meanings);
  const secret = fieldOf(auth, ["clientSecretRef"], "client_secret", "Client secret", meanings);
  const page = textAt(auth, "authorizeUrl") ?? textAt(auth, "authorizationUrl");
  const template = (text: string): string => fromMustache(text, (name) => meanings.of(`config.${name}`).name);
  const scopes = listAt(auth, "scopes").flatMap((scope) => (typeof scope === "string" ? [scope] : []));
  const usual = id === "client_id" && secret === "client_secret";
  return {
    type: page === undefined ? "oauth2_client_credentials" : "oauth2_authorization_code",
    ...(usual ? {} : { fields: [fieldIn(id, meanings), fieldIn(secret, meanings)] }),
    oauth: {
      ...(page === undefined ? {} : { authorize_url: template(page) }),
      token_url: template(textAt(auth, "tokenUrl") ?? ""),
      ...(scopes.length > 0 ? { default_scopes: scopes } : {}),
      ...(usual ? {} : { client_id: `{${id}}`, client_secret: `{${secret}}` }),
    },
  };
}

function fieldIn(name: string, meanings: Meanings): NonNullable<AuthProfile["fields"]>[number] {
  const field = meanings.credentials.get(name);
  return field ? { ...field } : { key: name, label: name, field_type: "secret" };
}

/** Secrets that requests name, and no profile does (`ofProfiles`), are fields of each that has any. */
export function withSecrets(
  profiles: readonly AuthProfile[],
  meanings: Meanings,
  ofProfiles: ReadonlySet<string>,
): AuthProfile[] {
  const others = meanings.fields().filter(({ key }) => !ofProfiles.has(key));
  if (others.length === 0) return [...profiles];
  return profiles.map((profile) => ({
    ...profile,
    // A profile without credentials that needs a secret all the same has it in a place of its own.
    ...(profile.type === "none" ? { type: "api_key" as const, auth_headers: {} } : {}),
    fields: [...(profile.fields ?? impliedFields(profile, meanings)), ...others],
  }));
}

/** Fields that a type has by itself have to be said where others are. */
function impliedFields({ type }: AuthProfile, meanings: Meanings): NonNullable<AuthProfile["fields"]> {
  const keys = impliedKeys.get(type) ?? [];
  return keys.flatMap((key) => meanings.credentials.get(key) ?? []);
}

const impliedKeys: ReadonlyMap<string, readonly string[]> = new Map([
  ["basic", ["username", "password"]],
  ["bearer", ["token"]],
  ["oauth2_authorization_code", ["client_id", "client_secret"]],
  ["oauth2_client_credentials", ["client_id", "client_secret"]],
]);

/** Keys of `auth` that no profile is made of are told. */
export function tellRestOfAuth(auth: DataMap, place: string, notes: Notes): void {
  for (const key of ["refreshUrl", "audience", "grantType"])
    if (at(auth, key) !== undefined) notes.lose(`${place}/${key}`, `${key} is not carried over.`);
}
