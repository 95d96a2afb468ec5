/**
 * What an entry of the catalogue means on the wire, worked out from the entry alone: text replacement by its own
 * rules, and none of the project's code.
 */
import { createHash, createHmac, createPrivateKey, sign } from "node:crypto";
import type { Entry, Scalars, TokenStep } from "./catalogue.ts";

/** Values by the catalogue's names. */
export type Vars = Readonly<Record<string, string>>;

/** A request: what is not said here is the program's own affair. */
export interface Wanted {
  readonly method: string;
  readonly url: string;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Form and JSON bodies in their sorted form. */
  readonly body: string;
}

const innermost = /\$\{([^${}]*)\}/;

/** Replaces holes from the inside out. A hole without a value is left as it is. */
export function fill(template: string, vars: Vars): string {
  let text = template;
  for (let match = innermost.exec(text); match; match = innermost.exec(text)) {
    const value = holeValue(match[1] ?? "", vars);
    if (value === undefined) throw new Error(`no value for ${match[1]}`);
    // A value is never looked at again: what it holds of holes is hidden until the end.
    text =
      text.slice(0, match.index) +
      value.replaceAll("${", "\u0000{") +
      text.slice(match.index + match[0].length);
  }
  return text.replaceAll("\u0000{", "${");
}

function holeValue(inside: string, vars: Vars): string | undefined {
  const call = /^(\w+)\(([\s\S]*)\)$/.exec(inside);
  if (!call) return vars[inside];
  const argument = call[2] ?? "";
  const at = argument.lastIndexOf(", ");
  const [text, key] = [argument.slice(0, at), argument.slice(at + 2)];
  switch (call[1]) {
    case "base64":
      return Buffer.from(argument).toString("base64");
    case "sha256Base64":
      return createHash("sha256").update(argument).digest("base64");
    case "hmacSha1Hex":
      return createHmac("sha1", key).update(text).digest("hex");
    case "ed25519Sign":
      return sign(null, Buffer.from(text), createPrivateKey(key)).toString("base64");
    default:
      return undefined;
  }
}

const first = (template: string): string => template.split(" || ")[0] ?? template;

/** Pairs in the order of their names, so that the order in which a program sends them is left to it. */
export function sortedForm(text: string): string {
  return text
    .split("&")
    .filter((pair) => pair !== "")
    .sort()
    .join("&");
}

export function sortedJson(text: string): string {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) return text;
  return JSON.stringify(Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** RFC 1866 as browsers have it. */
function form(pairs: Readonly<Record<string, string>>): string {
  return sortedForm(new URLSearchParams(pairs).toString());
}

/** RFC 3986: every octet that is not unreserved. */
function queryOf(pairs: Readonly<Record<string, string>>): string {
  const encode = (text: string): string =>
    encodeURIComponent(text).replace(
      /[!'()*]/g,
      (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  return Object.entries(pairs)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join("&")
    .replaceAll("%2A", "*");
}

function filled(params: Scalars | undefined, vars: Vars): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params ?? {}).map(([name, value]) => [name, fill(first(String(value)), vars)]),
  );
}

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

/** The call with the credential. */
export function apiCall(entry: Entry, vars: Vars, token = "tok"): Wanted {
  const all = { ...vars, accessToken: token, "credentials.token": token };
  const { base_url: base = "https://mcp.example.com", headers, query, body } = entry.proxy ?? {};
  const own = Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), headerOf(String(value), all)]),
  );
  // Two entries have a scheme in their text and another in the value.
  const origin = fill(first(base), all).replace("https://https://", "https://");
  const url = `${origin.replace(/\/$/, "")}/probe`;
  const asked = queryOf(filled(query, all));
  return {
    method: body === undefined ? "GET" : "POST",
    url: asked === "" ? url : `${url}?${asked}`,
    headers: { ...credentialOf(entry, all), ...own },
    body: body === undefined ? "" : sortedJson(JSON.stringify(deep(body, all))),
  };
}

function headerOf(template: string, vars: Vars): string {
  if (template.startsWith("${awsSigV4(")) return "(signed)";
  if (template === "${credentials._cookies}") return "B1SESSION=cookie-1; ROUTEID=.node1";
  const [value = "", fallback] = template.split(" || ");
  try {
    return fill(value, vars);
  } catch (thrown) {
    if (fallback === undefined) throw thrown;
    return fallback;
  }
}

function deep(body: unknown, vars: Vars): unknown {
  if (typeof body === "string") return fill(body, vars);
  if (typeof body !== "object" || body === null) return body;
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, deep(value, vars)]));
}

function credentialOf(entry: Entry, vars: Vars): Record<string, string> {
  switch (entry.auth_mode) {
    case "BASIC":
    case "INSTALL_PLUGIN":
      return { authorization: basic(vars["credentials.username"] ?? "", vars["credentials.password"] ?? "") };
    case "OAUTH2":
    case "OAUTH2_CC":
    case "MCP_OAUTH2":
    case "CUSTOM":
    case "TWO_STEP": {
      const texts = JSON.stringify(entry.proxy ?? {});
      const placed = /\$\{accessToken\}|_cookies|credentials\.token/.test(texts);
      return placed ? {} : { authorization: `Bearer ${vars.accessToken}` };
    }
    case "JWT":
      return {};
    case "BILL":
      return { sessionid: vars.accessToken ?? "", devkey: vars["credentials.devKey"] ?? "" };
    default:
      return {};
  }
}

/** Tells a client that identifies itself in a header from one that does so among the parameters. */
function clientIn(entry: Entry): "header" | "parameters" | "own" {
  if (entry.token_request_auth_method === "basic" || entry.authorization_method === "header") return "header";
  return entry.token_request_auth_method === "custom" ? "own" : "parameters";
}

/** A call of an OAuth token endpoint. */
function tokenCall(entry: Entry, vars: Vars, url: string, params: Readonly<Record<string, string>>): Wanted {
  const [id, secret] = [vars.clientId ?? "", vars.clientSecret ?? ""];
  const where = clientIn(entry);
  const client =
    where === "header"
      ? {}
      : where === "own"
        ? { username: id, password: secret }
        : { client_id: id, client_secret: secret };
  const all = { ...client, ...params };
  const authorization = where === "header" ? { authorization: basic(id, secret) } : {};
  const target = fill(first(url), vars);
  if (entry.body_format === "query")
    return {
      method: "POST",
      url: `${target}${target.includes("?") ? "&" : "?"}${queryOf(all)}`,
      headers: authorization,
      body: "",
    };
  const isJson = entry.body_format === "json";
  return {
    method: "POST",
    url: target,
    headers: {
      ...authorization,
      "content-type": isJson ? "application/json" : "application/x-www-form-urlencoded",
    },
    body: isJson ? sortedJson(JSON.stringify(all)) : form(all),
  };
}

export function clientCredentialsCall(entry: Entry, vars: Vars): Wanted {
  const scopes = entry.default_scopes
    ? { scope: entry.default_scopes.join(entry.scope_separator ?? " ") }
    : {};
  return tokenCall(entry, vars, String(entry.token_url), { ...scopes, ...filled(entry.token_params, vars) });
}

/** What the login brings. */
export interface Login {
  readonly redirectUri: string;
  readonly code: string;
  readonly verifier: string | undefined;
}

export function codeCall(entry: Entry, vars: Vars, { redirectUri, code, verifier }: Login): Wanted {
  const wanted = tokenCall(entry, vars, String(entry.token_url), {
    grant_type: "authorization_code",
    code,
    redirect_uri: redirectUri,
    ...(verifier === undefined ? {} : { code_verifier: verifier }),
    ...filled(entry.token_params, vars),
  });
  return withNames(entry, wanted);
}

export function refreshCall(entry: Entry, vars: Vars, refreshToken: string): Wanted {
  const wanted = tokenCall(entry, vars, entry.refresh_url ?? String(entry.token_url), {
    grant_type: "refresh_token",
    refresh_token: refreshToken,
    ...filled(entry.refresh_params ?? entry.refresh_token_params, { ...vars, refresh_token: refreshToken }),
  });
  return withNames(entry, wanted);
}

/** An API that renames a parameter on its page has the same name for it in its token requests. */
function withNames(entry: Entry, wanted: Wanted): Wanted {
  if (!entry.authorization_url_replacements) return wanted;
  if (entry.body_format === "json")
    return { ...wanted, body: sortedJson(JSON.stringify(named(entry, JSON.parse(wanted.body)))) };
  return { ...wanted, body: form(named(entry, Object.fromEntries(new URLSearchParams(wanted.body)))) };
}

function named(entry: Entry, params: Readonly<Record<string, string>>): Record<string, string> {
  const names = Object.entries(entry.authorization_url_replacements ?? {}).map(
    ([from, to]) => [from.replace("=", ""), to.replace("=", "")] as const,
  );
  const nameOf = (name: string): string => names.find(([from]) => from === name)?.[1] ?? name;
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, value]) => (nameOf(name) === "" ? [] : [[nameOf(name), value]])),
  );
}

/** Address and parameters of the consent page; `state` and PKCE are left to the program. */
export function page(
  entry: Entry,
  vars: Vars,
  redirectUri: string,
): { readonly url: string; readonly query: string } {
  const address = new URL(fill(first(entry.authorization_url ?? ""), vars));
  const params = {
    ...Object.fromEntries(address.searchParams),
    response_type: "code",
    client_id: vars.clientId ?? "",
    redirect_uri: redirectUri,
    ...(entry.default_scopes ? { scope: entry.default_scopes.join(entry.scope_separator ?? " ") } : {}),
    ...filled(entry.authorization_params, vars),
  };
  const fragment =
    entry.authorization_url_fragment === undefined ? "" : `#${entry.authorization_url_fragment}`;
  return { url: `${address.origin}${address.pathname}${fragment}`, query: queryOf(named(entry, params)) };
}

/** The calls of a `TWO_STEP` entry; `answers` are those of the steps before. */
export function stepCalls(entry: Entry, vars: Vars, answers: readonly Vars[]): Wanted[] {
  const steps: (TokenStep & { readonly method?: string })[] = [
    {
      token_url: String(entry.token_url),
      ...(entry.body_format === undefined ? {} : { body_format: entry.body_format }),
      ...(entry.token_params ? { token_params: entry.token_params } : {}),
      ...(entry.token_headers ? { token_headers: entry.token_headers } : {}),
      ...(entry.token_request_method === undefined ? {} : { method: entry.token_request_method }),
    },
    ...(entry.additional_steps ?? []),
  ];
  return steps.map((step, index) => {
    const known = Object.assign({}, vars, ...answers.slice(0, index)) as Vars;
    const typed = Object.entries(step.token_params ?? {}).map(
      ([name, value]) => [name, typeof value === "string" ? fill(value, known) : value] as const,
    );
    const [address = "", asked = ""] = step.token_url.split("?");
    const url = new URL(fill(address, known));
    // Filled in pair by pair: a value may hold what separates pairs.
    const pairs = asked
      .split("&")
      .filter((pair) => pair !== "")
      .map((pair) => pair.split("="));
    const query = queryOf(
      Object.fromEntries(pairs.map(([name = "", value = ""]) => [name, fill(value, known)])),
    );
    const isForm = step.body_format === "form";
    const { "content-type": _, ...headers } = filled(step.token_headers, known);
    return {
      method: step.method ?? "POST",
      url: `${url.origin}${url.pathname}${query === "" ? "" : `?${query}`}`,
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
      ),
      body:
        typed.length === 0
          ? ""
          : isForm
            ? form(Object.fromEntries(typed.map(([name, value]) => [name, String(value)])))
            : sortedJson(JSON.stringify(Object.fromEntries(typed))),
    };
  });
}
