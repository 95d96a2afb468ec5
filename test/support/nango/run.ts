/** Runs an entry: compiled from its descriptor, connected, called; and gives what arrived beside what the entry means. */
import { readEntry } from "../../../compiler/import/nango/entry.ts";
import { flat } from "../../../compiler/import/nango/names.ts";
import { nango } from "../../../compiler/import/nango/nango.ts";
import { createRuntime, type Runtime } from "../../../runtime/index.ts";
import type { Transport } from "../../../runtime/ports.ts";
import {
  createFakeClock,
  type FakeClock,
  json,
  type ReceivedRequest,
  type Reply,
  startServer,
  type TestServer,
  text,
} from "../../../runtime/testing/index.ts";
import { createTransport } from "../../../runtime/transport/undici-transport.ts";
import type { Json, Setting } from "../../../schema/ir.ts";
import { irOf } from "../line.ts";
import type { Entry } from "./catalogue.ts";
import {
  apiCall,
  clientCredentialsCall,
  codeCall,
  page,
  refreshCall,
  sortedJson,
  stepCalls,
  type Vars,
  type Wanted,
} from "./expected.ts";
import { only, plain, shown, wantedOf, wireOf } from "./received.ts";
import { credentialsOf, receivedOf, settingOf } from "./samples.ts";

export const redirectUri = "http://127.0.0.1:7777/callback";

/** A server on loopback that stands in for every host, and a runtime whose transport leads there. */
export interface Bench {
  readonly server: TestServer;
  readonly clock: FakeClock;
  readonly runtime: Runtime;
  close(): Promise<void>;
}

export async function openBench(): Promise<Bench> {
  const clock = createFakeClock(1_000);
  const server = await startServer({}, { clock });
  const inner = createTransport({ clock, network: { allow: [server.host] } });
  const runtime = createRuntime({ clock, transport: leadingTo(server.origin, inner) });
  return {
    server,
    clock,
    runtime,
    close: async () => {
      const closed = runtime.close();
      await clock.advance(11_000);
      await closed;
      await inner.close(0);
      await server.close();
    },
  };
}

/** Every request goes to one origin, and says in a header where it was meant to go. */
function leadingTo(origin: string, inner: Transport): Transport {
  return {
    send: (request, sink) =>
      inner.send({ ...request, origin, headers: [...request.headers, "x-meant-for", request.origin] }, sink),
    slot: () => inner.slot(origin),
    waitForSlot: (_origin, granted) => inner.waitForSlot(origin, granted),
    close: (graceMs) => inner.close(graceMs),
    inspect: () => inner.inspect(),
  };
}

/** What arrived and what the entry means, request by request; the consent page first where there is one. */
export interface Comparison {
  readonly actual: readonly Wanted[];
  readonly expected: readonly Wanted[];
  /** The requests as they arrived, as text: what the descriptor says, and not what every request has. */
  readonly wire: readonly string[];
}

/** An entry that the importer refused, and why. */
export class Refused extends Error {}

/** Where what an answer or a redirect brings may lead. */
const allowedHosts = ["*.example.com"];

export async function runEntry(
  bench: Bench,
  source: Readonly<Record<string, unknown>>,
  tenant: string,
): Promise<Comparison> {
  const entry = readEntry(source);
  const [draft] = await nango.draft({ name: tenant, data: source }, { select: [], mcp: [] });
  if (!draft || !("descriptor" in draft)) throw new Refused(draft?.message);
  const { descriptor } = draft;
  for (const profile of descriptor.authentication) profile.allowed_hosts = allowedHosts;
  const ir = await irOf(JSON.stringify(descriptor));
  const probe = ir.operations[0]?.id ?? "";
  const fields = ir.profiles[0]?.fields.map(({ key }) => key) ?? [];
  const asked = fields.filter(
    (key) => !["access_token", "refresh_token", "expires_at", "token", "token_secret"].includes(key),
  );
  const secretSettings = asked.filter((key) => entry.connection_config?.[key]?.secret);
  const given = {
    ...credentialsOf(entry, asked),
    ...Object.fromEntries(secretSettings.map((key) => [key, settingOf(entry, key)])),
  };
  const config = Object.fromEntries(
    ir.settings.map((setting) => [setting.key, givenSetting(entry, setting)]),
  );
  const vars = varsOf(entry, given, bench.clock);
  const before = bench.server.requests.length;
  bench.server.reply(answerer(entry, before));
  const tokens = entry.auth_mode === "TBA" ? { token: "tk", token_secret: "ts" } : {};
  const connection = bench.runtime.connect(ir, {
    credentials: { ...given, ...tokens },
    config,
    // Alike clients of alike entries share tokens: each entry is a tenant.
    identity: { tenant },
  });
  const pages: Wanted[] = [];
  if (ir.profiles[0]?.login) {
    const begun = await connection.authorize({ redirectUri });
    pages.push(pageOf(begun.url, stateName(entry)));
    await begun.complete(redirectOf(entry, begun.state));
  }
  await connection.call(probe, { path: "probe" });
  if (isByCode(entry)) {
    bench.clock.jump(3_601_000);
    await connection.call(probe, { path: "probe" });
  }
  const received = bench.server.requests.slice(before);
  const verifier =
    received[0]?.form.get("code_verifier") ?? (received[0]?.json as Vars | undefined)?.code_verifier;
  const expected = expectedOf(entry, vars, verifier);
  const arrived = received.map((request) => wantedOf(entry, request));
  const actual = [...pages, ...arrived].map((one, at) => only(one, expected[at]));
  const wire = [
    ...pages.map(({ url }) => `GET ${url}`),
    ...received.map((request) => wireOf(entry, request)),
  ];
  return { actual, expected, wire };
}

/** What the descriptor wants with its scheme, the catalogue names without. */
function givenSetting(entry: Entry, { key, enum: listed, pattern, format }: Setting): Json {
  if (key === "base_url") return "https://mcp.example.com";
  const value = settingOf(entry, key);
  if (listed) return listed[0] ?? value;
  const whole = pattern?.startsWith("https://") || (format === "uri" && !value.startsWith("https://"));
  return whole && !value.startsWith("https://") ? `https://${value}` : value;
}

function isByCode({ auth_mode: mode }: Entry): boolean {
  return mode === "OAUTH2" || mode === "MCP_OAUTH2";
}

/** The values by the catalogue's names. */
function varsOf(entry: Entry, given: Readonly<Record<string, string>>, clock: FakeClock): Vars {
  const vars: Record<string, string> = {};
  for (const [key, value] of Object.entries(given)) {
    vars[`credentials.${key}`] = value;
    vars[`assertionOption.${key}`] = value;
  }
  vars.apiKey = given.apiKey ?? "";
  vars.clientId = given.client_id ?? "";
  vars.clientSecret = given.client_secret ?? "";
  vars["credentials.privateKey.id"] = given.privateKey_id ?? "";
  const received = [...(entry.token_response_metadata ?? []), ...(entry.redirect_uri_metadata ?? [])];
  for (const [, name = ""] of JSON.stringify(entry).matchAll(/connectionConfig\.([\w.-]+)/g))
    vars[`connectionConfig.${name}`] =
      received.includes(name) && !entry.connection_config?.[name]?.pattern
        ? receivedOf(entry, name)
        : settingOf(entry, flat(name));
  for (const key of Object.keys(entry.connection_config ?? {})) vars[key] ??= settingOf(entry, key);
  const wall = clock.wall();
  const date = new Date(wall);
  vars["now:X"] = String(Math.floor(wall / 1000));
  vars["now+1:minutes:X"] = String(Math.floor(wall / 1000) + 60);
  vars["now+7:days:YYYY-MM-DD"] = new Date(wall + 604_800_000).toISOString().slice(0, 10);
  vars["now:ddd, DD MMM YYYY HH:mm:ss ZZ"] = date.toUTCString().replace("GMT", "+0000");
  vars.method = "GET";
  vars.random = "(random)";
  vars["now:YYYYMMDDTHHmmss[Z]"] = date.toISOString().replace(/[-:]|\.\d+/g, "");
  vars.params = "";
  vars.bodyCanonicalParams = "";
  const seconds = Math.floor(wall / 1000);
  const signed = signedClaims(entry, vars, seconds);
  return { ...vars, ...signed };
}

/** Tokens that are signed here: by what they say, since their signatures and ids differ each time. */
function signedClaims(entry: Entry, vars: Vars, seconds: number): Vars {
  const filledIn = (params: Readonly<Record<string, unknown>> = {}): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(params).map(([name, value]) => [
        name,
        String(value).replace(/\$\{([^}]+)\}/g, (_, key: string) => vars[key] ?? ""),
      ]),
    );
  const said = (header: object, payload: object, life: number): string =>
    shown({ typ: "JWT", ...header }, { ...payload, iat: seconds, exp: seconds + life });
  const { assertion, token } = entry;
  return {
    ...(assertion?.type === "jwt"
      ? {
          "credentials.assertion": said(
            filledIn(assertion.header),
            filledIn(assertion.payload),
            assertion.lifetimeInSeconds,
          ),
        }
      : {}),
    ...(token?.payload
      ? { token: said(filledIn(token.header), filledIn(token.payload), token.expires_in_ms / 1000) }
      : {}),
    ...(entry.auth_mode === "CUSTOM"
      ? { token: said({ alg: "RS256" }, { iss: vars["credentials.app_id"] }, 600) }
      : {}),
  };
}

/** A value at a dotted path. */
function nested(path: string, value: unknown): Record<string, unknown> {
  const [first = "", ...rest] = path.split(".");
  return { [first]: rest.length === 0 ? value : nested(rest.join("."), value) };
}

function merge(...objects: readonly Record<string, unknown>[]): Record<string, unknown> {
  const all: Record<string, unknown> = {};
  for (const object of objects)
    for (const [key, value] of Object.entries(object)) {
      const before = all[key];
      const both = isObject(before) && isObject(value);
      all[key] = both ? merge(before, value) : value;
    }
  return all;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** The answers to the calls before the one with the credential. */
function tokenAnswers(entry: Entry): Record<string, unknown>[] {
  const received = (entry.token_response_metadata ?? []).map((path) => nested(path, receivedOf(entry, path)));
  if (entry.auth_mode === "BILL") return [{ sessionId: "tok" }];
  if (entry.auth_mode === "CUSTOM") return [{ token: "tok", expires_at: "2026-06-01T00:00:00Z" }];
  if (entry.auth_mode !== "TWO_STEP") {
    const token = entry.token_request_auth_method === "custom" ? { jwt: "tok" } : { access_token: "tok" };
    return [
      merge({ ...token, refresh_token: "ref/+ 1", expires_in: 3_600, token_type: "Bearer" }, ...received),
    ];
  }
  const { token = "", token_expiration: life } = entry.token_response ?? {};
  const last = merge(nested(token, "tok"), life === undefined ? {} : nested(life, 3_600));
  const count = 1 + (entry.additional_steps?.length ?? 0);
  const steps = Array.from({ length: count }, (_, at) =>
    at === count - 1 ? last : { access_token: "first" },
  );
  return [merge(steps[0] ?? {}, ...received), ...steps.slice(1)];
}

function answerer(entry: Entry, before: number): (request: ReceivedRequest) => Reply {
  const answers = tokenAnswers(entry);
  return ({ path, number }) => {
    if (path.endsWith("/probe")) return json(1);
    if (path.endsWith("/request_token"))
      return text("oauth_token=rt&oauth_token_secret=rs&oauth_callback_confirmed=true");
    if (path.endsWith("/access_token") && entry.auth_mode === "OAUTH1")
      return text("oauth_token=at&oauth_token_secret=as");
    const body = answers[number - before - 1] ?? answers[0];
    return json(body, { headers: { "set-cookie": ["B1SESSION=cookie-1; Path=/", "ROUTEID=.node1"] } });
  };
}

function redirectOf(entry: Entry, state: string): string {
  if (entry.auth_mode === "OAUTH1") return `${redirectUri}?oauth_token=rt&oauth_verifier=v`;
  const url = new URL(redirectUri);
  url.searchParams.set(entry.authorization_code_param_in_callback ?? "code", "code/1 +");
  url.searchParams.set(stateName(entry), state);
  for (const name of entry.redirect_uri_metadata ?? []) url.searchParams.set(name, receivedOf(entry, name));
  return url.href;
}

function expectedOf(entry: Entry, vars: Vars, verifier: string | undefined): Wanted[] {
  const token = entry.auth_mode === "JWT" ? (vars.token ?? "") : "tok";
  const call = apiCall(entry, withHost(entry, vars), token);
  const none = { headers: {}, body: "" };
  switch (entry.auth_mode) {
    case "OAUTH2":
    case "MCP_OAUTH2": {
      const { url, query } = page(entry, vars, redirectUri);
      const login = { redirectUri, code: "code/1 +", verifier };
      return [
        { method: "GET", url: `${url}?${query}`, ...none },
        codeCall(entry, vars, login),
        call,
        refreshCall(entry, vars, "ref/+ 1"),
        call,
      ];
    }
    case "OAUTH2_CC":
      return [clientCredentialsCall(entry, vars), call];
    case "TWO_STEP": {
      const answers = tokenAnswers(entry).map((answer, at) =>
        Object.fromEntries(
          Object.entries(answer).map(([name, value]) => [`step${at + 1}.${name}`, String(value)]),
        ),
      );
      return [...stepCalls(entry, vars, answers), call];
    }
    case "BILL": {
      const names = ["username", "password", "organizationId", "devKey"];
      const body = Object.fromEntries(names.map((name) => [name, vars[`credentials.${name}`]]));
      const url = String(entry.token_url);
      return [{ method: "POST", url, headers: {}, body: sortedJson(JSON.stringify(body)) }, call];
    }
    case "CUSTOM": {
      const urls = entry.token_url as Readonly<Record<string, string>>;
      const url = String(urls.APP).replace(/\$\{([^}]+)\}/g, (_, name: string) => vars[name] ?? "");
      return [{ method: "POST", url, headers: { authorization: `Bearer ${vars.token}` }, body: "" }, call];
    }
    case "OAUTH1": {
      const signed = { headers: { authorization: "(signed)" }, body: "" };
      return [
        { method: "GET", url: `${entry.authorization_url}?oauth_token=rt`, ...none },
        { method: "POST", url: String(entry.request_url), ...signed },
        { method: "POST", url: String(entry.token_url), ...signed },
        { ...call, headers: { ...call.headers, authorization: "(signed)" } },
      ];
    }
    case "TBA":
    case "SIGNATURE": {
      const name = entry.auth_mode === "TBA" ? "authorization" : "x-wsse";
      const { "x-wsse": _, ...headers } = call.headers;
      return [{ ...call, headers: { ...headers, [name]: "(signed)" } }];
    }
    default:
      return [call];
  }
}

function withHost(entry: Entry, vars: Vars): Vars {
  const base = (entry.proxy?.base_url ?? "").split(" || ")[0] ?? "";
  const url = base.replace(/\$\{([^}]+)\}/g, (_, name: string) => vars[name] ?? "");
  if (!URL.canParse(url)) return vars;
  const { host, pathname } = new URL(url);
  return { ...vars, host, path: `${pathname.replace(/\/$/, "")}/probe` };
}

function stateName(entry: Entry): string {
  return entry.authorization_url_replacements?.["state="]?.replace("=", "") ?? "state";
}

function pageOf(url: string, state: string): Wanted {
  const [address = "", query = ""] = url.split("?");
  const own = query
    .split("&")
    .filter((pair) => !/^code_challenge(_method)?=/.test(pair) && !pair.startsWith(`${state}=`));
  return { method: "GET", url: plain(`${address}?${own.sort().join("&")}`), headers: {}, body: "" };
}
