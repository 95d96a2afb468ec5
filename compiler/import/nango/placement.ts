/** Where a credential goes, and what else every request of an entry brings along. */
import type { TemplateMap } from "../../../schema/descriptor.ts";
import type { Entry } from "./entry.ts";
import type { EntryNames } from "./names.ts";
import { finalToken } from "./profile.ts";
import { alternatives, translate } from "./template.ts";

export interface Sent {
  /** Headers and query entries that carry the credential. */
  readonly auth: TemplateMap;
  readonly authQuery: TemplateMap;
  readonly plain: TemplateMap;
  readonly query: TemplateMap;
}

const secretName =
  /\$\{(?:apiKey|accessToken|clientId|clientSecret|credentials\.|username\}|password\}|base64\(|now|sha256Base64|hmacSha1Hex|ed25519Sign)/;

export function placementOf(entry: Entry, names: EntryNames): Sent {
  const sent: Sent = { auth: {}, plain: {}, authQuery: {}, query: {} };
  for (const [name, value] of Object.entries(entry.proxy?.headers ?? {})) {
    if (isMade(entry, name)) continue;
    const target = isSecret(entry, String(value)) ? sent.auth : sent.plain;
    target[name] =
      name.toLowerCase() === "cookie" ? cookieOf(entry, value, names) : withDefault(String(value), names);
  }
  for (const [name, value] of Object.entries(entry.proxy?.query ?? {})) {
    const target = isSecret(entry, String(value)) ? sent.authQuery : sent.query;
    target[name] = withDefault(String(value), names);
  }
  sayDefaultPlace(entry, sent);
  return sent;
}

function isSecret(entry: Entry, value: string): boolean {
  if (secretName.test(value)) return true;
  const settings = [...value.matchAll(/\$\{connectionConfig\.([\w.-]+)\}/g)];
  return settings.some(([, name = ""]) => entry.connection_config?.[name]?.secret === true);
}

/** A placement of one's own stands in for the type's: a token that goes by itself has to be said, too. */
function sayDefaultPlace(entry: Entry, { auth }: Sent): void {
  const names = Object.keys(auth);
  if (names.some((name) => name.toLowerCase() === "authorization")) return;
  const own = authorizationOf(entry);
  if (entry.auth_mode === "BASIC" && own !== undefined) auth.Authorization = own;
  const isToken = ["OAUTH2", "OAUTH2_CC", "TWO_STEP", "MCP_OAUTH2"].includes(entry.auth_mode);
  const places = Object.values(auth).some((value) =>
    /access_token|final_token|B1SESSION/.test(String(value)),
  );
  if (isToken && !places && names.length > 0)
    auth.Authorization = entry.auth_mode === "TWO_STEP" ? `Bearer {${finalToken}}` : "Bearer {access_token}";
}

/** A user name or a password that the catalogue fills in by itself. */
function authorizationOf({ credentials }: Entry): string | undefined {
  const part = (key: "username" | "password"): string | undefined => {
    const fallback = credentials?.[key]?.default;
    return fallback === undefined || /["'{}\\]/.test(fallback)
      ? undefined
      : `{default({${key}}, '${fallback}')}`;
  };
  const [user, password] = [part("username"), part("password")];
  if (user === undefined && password === undefined) return undefined;
  return `Basic {base64("${user ?? "{username}"}:${password ?? "{password}"}")}`;
}

/** Signatures are made by the profile's type. */
function isMade(entry: Entry, name: string): boolean {
  const signs =
    entry.auth_mode === "AWS_SIGV4" ||
    String(entry.proxy?.headers?.authorization ?? "").startsWith("${awsSigV4(");
  const lower = name.toLowerCase();
  return (
    (signs && (lower === "authorization" || lower === "x-amz-date")) ||
    (entry.auth_mode === "SIGNATURE" && lower === "x-wsse")
  );
}

/** The session's cookies by name; the catalogue sends all that came. */
function cookieOf(entry: Entry, value: string | number | boolean, names: EntryNames): string {
  return entry.token_response_headers ? "B1SESSION={B1SESSION}; ROUTEID={ROUTEID}" : names.text(value);
}

function withDefault(value: string, names: EntryNames): string {
  const [first = "", fallback] = alternatives(value);
  const text = names.text(first);
  if (fallback === undefined) return text;
  // A setting that may be absent; its fallback is text.
  return `{default("${text}", "${translate(fallback, names.name)}")}`;
}
