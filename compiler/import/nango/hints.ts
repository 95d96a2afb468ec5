/** What an entry says beside its modes: a check of the credential, retries, and things that only the catalogue's own code does. */
import type { AuthProfile, Retry, TemplateMap, TestEndpoint } from "../../../schema/descriptor.ts";
import type { Notes } from "../notes.ts";
import { at, type DataMap, listAt, textAt } from "../plain-data.ts";
import type { Entry } from "./entry.ts";
import type { EntryNames } from "./names.ts";
import type { Sent } from "./placement.ts";
import { finalToken } from "./profile.ts";

/** The entry's `verification`; undefined where it has none, or one that has a body. */
export function testEndpoint(
  { proxy }: Entry,
  profile: AuthProfile,
  sent: Sent,
  names: EntryNames,
  notes: Notes,
): TestEndpoint | undefined {
  const check = proxy?.verification;
  if (!check || check.data !== undefined) return undefined;
  const [url = "", ...more] = check.endpoints;
  for (const other of more)
    notes.lose("/proxy/verification/endpoints", `Only the first is called as a test; also given: ${other}.`);
  const endpoint: TestEndpoint = {
    url: names.text((check.base_url_override ?? "") + url),
    ...(check.method === "POST" ? { method: "POST" as const } : {}),
  };
  const further = {
    ...sent.plain,
    ...Object.fromEntries(
      Object.entries(check.headers)
        .filter(([name]) => name.toLowerCase() !== "content-type")
        .map(([name, value]) => [name, names.text(value)]),
    ),
  };
  if (Object.keys(further).length === 0) return endpoint;
  const auth = Object.keys(sent.auth).length > 0 ? sent.auth : defaultPlace(profile);
  // A test with headers of its own takes nothing of the profile's placement.
  if (auth && Object.keys(sent.authQuery).length === 0)
    return { ...endpoint, headers: { ...auth, ...further } };
  notes.lose(
    "/proxy/verification/headers",
    `The test goes without ${Object.keys(further).join(", ")}: it would lose the credential that the profile places.`,
    endpoint,
    "url",
  );
  return endpoint;
}

/** Where a type puts its credential by itself: headers of a test stand in for it. */
function defaultPlace(profile: AuthProfile): TemplateMap | undefined {
  switch (profile.type) {
    case "oauth2_authorization_code":
    case "oauth2_client_credentials":
      return { Authorization: "Bearer {access_token}" };
    case "api_key":
      return profile.auth_headers ?? { Authorization: `Bearer {${finalToken}}` };
    case "basic":
      return { Authorization: 'Basic {base64("{username}:{password}")}' };
    case "none":
      return {};
    default:
      return undefined;
  }
}

/** Headers that the runtime reads by itself behind a refusal. */
const known = /^(?:retry-after|(?:x-)?rate-?limit-reset)$/i;

export function retryOf({ proxy }: Entry, notes: Notes): Retry | undefined {
  const hint = proxy?.retry;
  if (!hint) return undefined;
  const headers = [...listAt(hint, "after"), ...listAt(hint, "at")].map(String);
  for (const header of headers)
    if (!known.test(header))
      notes.lose("/proxy/retry", `The API says in ${header} when to try again, which nothing reads.`);
  const remaining = textAt(hint, "remaining");
  if (remaining !== undefined)
    notes.lose(
      "/proxy/retry/remaining",
      `The API reports in ${remaining} what is left of a limit; name it in \`rate_limits\` with the limit.`,
    );
  if (at(hint, "in_body") !== undefined)
    notes.lose(
      "/proxy/retry/in_body",
      "The API says in the body of a refusal when to try again, which nothing reads.",
    );
  const statuses = [...new Set(listAt(hint, "error_code").flatMap((code) => statusesOf(String(code))))];
  return statuses.length > 0 ? { on_status: statuses } : undefined;
}

function statusesOf(code: string): number[] {
  if (/^5xx$/i.test(code)) return [500, 502, 503, 504];
  return /^[45]\d\d$/.test(code) ? [Number(code)] : [];
}

/** Keys that say nothing about requests, and those that other files read. */
const elsewhere: ReadonlySet<string> = new Set([
  ...["display_name", "categories", "docs", "docs_connect", "setup_guide_url", "alias", "auth_mode", "logo"],
  ...[
    "authorization_url",
    "authorization_params",
    "authorization_url_replacements",
    "authorization_url_fragment",
  ],
  ...[
    "authorization_code_param_in_callback",
    "authorization_method",
    "token_url",
    "token_params",
    "token_headers",
  ],
  ...[
    "token_request_method",
    "token_request_auth_method",
    "refresh_url",
    "refresh_params",
    "refresh_token_params",
  ],
  ...["request_url", "body_format", "scope_separator", "default_scopes", "disable_pkce", "expires_in_unit"],
  ...["alternate_access_token_response_path", "token_response_metadata", "redirect_uri_metadata"],
  ...[
    "token_expires_in_ms",
    "require_client_certificate",
    "signature",
    "token",
    "assertion",
    "additional_steps",
  ],
  ...["token_response", "token_response_headers", "proxy", "connection_config", "credentials"],
  ...["integration_config", "assertion_option", "auth", "signature_method", "connection_configuration"],
  // Tokens are renewed ahead of their end by the runtime's own margin, and URLs are written in one way.
  ...[
    "token_expiration_buffer",
    "authorization_url_skip_empty",
    "authorization_url_skip_encode",
    "decode_url",
  ],
]);

/** One line for each thing of the entry that the descriptor does not have. */
export function tellRest(data: DataMap, entry: Entry, used: ReadonlySet<string>, notes: Notes): void {
  for (const [key, value] of Object.entries(data)) {
    if (elsewhere.has(key)) continue;
    notes.lose(`/${key}`, `${key} is not carried over${shown(value)}.`);
  }
  for (const name of Object.keys(entry.connection_config ?? {}))
    if (!used.has(name))
      notes.lose(
        `/connection_config/${name}`,
        `No template of the entry uses ${name}; declare it where an endpoint needs it.`,
      );
}

function shown(value: unknown): string {
  return typeof value === "string" && value.length <= 200 ? `: ${value}` : "";
}
