import type { Login, LoginCallback, Profile, Step } from "../../schema/ir.ts";
import type { ConnectionContext } from "../connection/connection-context.ts";
import { scopeOf } from "../connection/connection-context.ts";
import { encodeBytes } from "../crypto/encoding.ts";
import { hash } from "../crypto/hash.ts";
import { judgeLogin } from "../destinations.ts";
import { ConnectorError } from "../errors.ts";
import { compileQuery } from "../request/entries.ts";
import type { Scope, Values } from "../request/scope.ts";
import { joinPairs } from "../request/styles.ts";
import { compileOrigin, compilePath } from "../request/url.ts";
import { conceal, reveal } from "../secrets/secret.ts";
import { type Credentials, noCredentials } from "./credentials.ts";
import { followUp } from "./follow-up.ts";
import { approvedOrigins, grantKey } from "./grant-key.ts";
import { plainValues } from "./grant-record.ts";
import type { Obtained } from "./step-store.ts";

/** A login that has begun: a page to open, and what to do with the redirect that ends it. */
export interface Authorization {
  readonly profile: string;
  /** Where the user gives consent. */
  readonly url: string;
  /** What the redirect must carry back, or, for OAuth 1, the token that it names. */
  readonly state: string;
  /** The origins that the credential will be sent to. */
  readonly origins: readonly string[];
  /** Takes the URL that the user was redirected to, and stores the credentials. Works once. */
  complete(redirected: string | URL): Promise<Grant>;
}

/** What is known of a consent; holds no secret. */
export interface Grant {
  readonly profile: string;
  readonly obtainedAt: Date;
  /** Undefined where the server says no end. */
  readonly expiresAt: Date | undefined;
  /** It renews itself. */
  readonly refreshable: boolean;
  readonly origins: readonly string[];
  /** What was granted: what the server said, else what was asked for (RFC 6749, section 5.1). Empty for OAuth 1. */
  readonly scopes: readonly string[];
  /** Why nothing but another login helps. */
  readonly ended?: string;
}

/** Runs a call of the login with what it brings along. */
export type RunLoginStep = (step: Step, credentials: Credentials, grant: Values) => Promise<Obtained>;

const lifeMs = 10 * 60_000;

/** Begins a login (RFC 6749, section 4.1; RFC 5849, section 2). Nothing is stored before it is complete. */
export async function beginLogin(
  context: ConnectionContext,
  profile: Profile & { readonly login: Login },
  fields: Values,
  redirectUri: string,
  run: RunLoginStep,
): Promise<Authorization> {
  await judgeLogin(callsOf(profile.login), scopeOf(context, { ...noCredentials, fields }), context.core);
  const begin = profile.login.kind === "oauth1" ? beginOAuth1 : beginCode;
  const { url, state, stateParameter, finish } = await begin({ context, profile, fields, redirectUri, run });
  const origins = approvedOrigins(context, profile, fields);
  const endsAt = context.core.clock.now() + lifeMs;
  let open = true;
  return {
    profile: profile.id,
    url,
    state,
    origins,
    complete: async (redirected) => {
      if (!open) throw denied("This login is complete already. Begin another one.");
      if (context.core.clock.now() > endsAt)
        throw denied("This login took longer than 10 minutes. Begin another one.");
      const parameters = readRedirect(redirected);
      // A redirect of somebody else's does not end this login.
      if (!belongs(parameters, state, stateParameter))
        throw denied(
          "This redirect belongs to another login: its state is not the one that was sent. Give the address that this one ended with.",
        );
      open = false;
      const { values, lifeMs: life } = await finish(parameters);
      return storeGrant(context, profile, fields, values, life, origins);
    },
  };
}

function callsOf(login: Login): readonly Step[] {
  return login.kind === "oauth1" ? [login.request, login.access] : [login.exchange, ...login.after];
}

interface Begin {
  readonly context: ConnectionContext;
  readonly profile: Profile & { readonly login: Login };
  readonly fields: Values;
  readonly redirectUri: string;
  readonly run: RunLoginStep;
}

interface Begun {
  readonly url: string;
  readonly state: string;
  readonly stateParameter: string;
  readonly finish: (parameters: URLSearchParams) => Promise<Obtained>;
}

async function beginCode({ context, profile, fields, redirectUri, run }: Begin): Promise<Begun> {
  const { login } = profile;
  if (login.kind !== "authorization_code")
    throw denied("This profile has no login by code. Use the profile that has one.");
  const { random } = context.core;
  const state = encodeBytes(random.bytes(32), "base64url");
  const verifier = encodeBytes(random.bytes(32), "base64url");
  const grant = new Map<string, unknown>([
    ["redirect_uri", redirectUri],
    ["state", state],
    ["code_verifier", conceal(verifier)],
    // RFC 7636, section 4.2.
    ["code_challenge", encodeBytes(hash("sha256", verifier), "base64url")],
  ]);
  const credentials = { ...noCredentials, fields };
  return {
    url: pageUrl(login, { ...scopeOf(context, credentials), grant }),
    state,
    stateParameter: login.callback.state,
    finish: async (parameters) => {
      const code = await readCode(inStandardNames(parameters, login.callback), state, login.issuer);
      const brought = broughtBack(parameters, login.callback);
      const oauth = new Map([...brought].map(([name, value]) => [name, conceal(value)]));
      const obtained = await run(
        login.exchange,
        { ...credentials, oauth },
        new Map([...grant, ["code", conceal(code)]]),
      );
      // Some servers want it in each refresh, too.
      const values = new Map([["redirect_uri", redirectUri], ...brought, ...obtained.values]);
      return followUp(login.after, credentials, { ...obtained, values }, (step, held) =>
        run(step, held, new Map()),
      );
    },
  };
}

/** The redirect under the names of RFC 6749, section 4.1.2. */
function inStandardNames(parameters: URLSearchParams, callback: LoginCallback): URLSearchParams {
  const standard = new URLSearchParams(parameters);
  for (const name of ["code", "state"] as const) {
    if (callback[name] === name) continue;
    standard.delete(name);
    for (const value of parameters.getAll(callback[name])) standard.append(name, value);
  }
  return standard;
}

/** Longer than any id or host that a redirect brings. */
const longestBrought = 2_000;

/** What the redirect brings besides the code. It came through a browser: bounded and printable. */
function broughtBack(parameters: URLSearchParams, { extract }: LoginCallback): ReadonlyMap<string, string> {
  const brought = new Map<string, string>();
  for (const { name, parameter } of extract) {
    const [value, ...more] = parameters.getAll(parameter);
    if (value === undefined || value === "") continue;
    if (more.length > 0 || value.length > longestBrought || !/^[\x20-\x7e]+$/.test(value))
      throw denied(`The redirect's \`${parameter}\` is not one short printable text. Begin another login.`);
    brought.set(name, value);
  }
  return brought;
}

/** The library wants a client; what it judges here does not depend on which. */
const anyClient = { client_id: "unnamed" };

/** The code of a redirect, judged by RFC 6749, section 4.1.2, and RFC 9207. */
async function readCode(
  parameters: URLSearchParams,
  state: string,
  issuer: string | undefined,
): Promise<string> {
  const { validateAuthResponse } = await import("oauth4webapi");
  refuseError(parameters);
  const server = {
    // Who is not told the issuer cannot compare it: the state still ties the answer to this login.
    issuer: issuer ?? (parameters.get("iss") || "unnamed"),
    authorization_response_iss_parameter_supported: issuer !== undefined,
  };
  try {
    const checked = validateAuthResponse(server, anyClient, parameters, state);
    const code = checked.get("code");
    if (code) return code;
  } catch {
    throw denied(
      parameters.get("iss") !== null || issuer !== undefined
        ? "The redirect does not come from the issuer that the descriptor names (RFC 9207). Nothing was sent. Begin another login, and check `issuer` if it comes again."
        : "The redirect is not what a login ends with. Begin another login.",
    );
  }
  throw denied("The redirect brings no code. Begin another login.");
}

const confirmed = "oauth_callback_confirmed";

async function beginOAuth1({ context, profile, fields, redirectUri, run }: Begin): Promise<Begun> {
  const { login } = profile;
  if (login.kind !== "oauth1")
    throw denied("This profile has no OAuth 1 login. Use the profile that has one.");
  const credentials = { ...noCredentials, fields };
  const callback = new Map([["redirect_uri", redirectUri]]);
  const { values } = await run(login.request, credentials, callback);
  const { extract } = login.request;
  // RFC 5849, section 2.1: a server that does not say so may ignore the callback, and speak the version before.
  if (extract.some(({ name }) => name === confirmed) && String(reveal(values.get(confirmed))) !== "true")
    throw denied(
      "The server did not confirm the callback (`oauth_callback_confirmed`, RFC 5849, section 2.1): a login without that can be taken over. Nothing was opened. Set `confirms_callback: false` if this server leaves it out.",
    );
  const token = String(reveal(values.get("token")));
  const grant = new Map<string, unknown>([
    ["request_token", token],
    ["request_token_secret", conceal(reveal(values.get("token_secret")))],
  ]);
  return {
    url: pageUrl(login, { ...scopeOf(context, credentials), grant }),
    state: token,
    stateParameter: "oauth_token",
    finish: (parameters) => {
      refuseError(parameters);
      const verifier = parameters.get("oauth_verifier");
      if (!verifier)
        throw denied("The redirect brings no oauth_verifier: consent was not given. Begin another login.");
      return run(login.access, credentials, new Map([...grant, ["verifier", conceal(verifier)]]));
    },
  };
}

function pageUrl(login: Login, scope: Scope): string {
  const { origin, path } = compileOrigin(login.authorize.origin)(scope);
  const query = joinPairs(compileQuery(login.query)(scope), "&");
  const page = `${origin}${path}${compilePath(login.authorize.path)(scope) || "/"}`;
  const asked = query === "" ? "" : `?${query}`;
  if (login.kind !== "authorization_code") return page + asked;
  const behind = (mark: string | undefined): string => (mark === undefined ? "" : `#${mark}`);
  return page + behind(login.fragment) + asked + behind(login.anchor);
}

function readRedirect(redirected: string | URL): URLSearchParams {
  const text = String(redirected);
  if (!URL.canParse(text))
    throw denied("This is no URL. Give the whole address that the browser was sent to.");
  return new URL(text).searchParams;
}

function belongs(parameters: URLSearchParams, state: string, stateParameter: string): boolean {
  // Some OAuth 1 servers name the token of a refused login `denied`.
  return [stateParameter, "oauth_token", "denied"].some((name) => parameters.get(name) === state);
}

/** What the server says of a refusal is its own text: bounded, printable, on one line. */
function refuseError(parameters: URLSearchParams): void {
  const denial = parameters.get("denied") === null ? null : "access_denied";
  const error = parameters.get("error") ?? parameters.get("oauth_problem") ?? denial;
  if (error === null) return;
  const said = [error, parameters.get("error_description") ?? ""]
    .map((text) =>
      text
        .slice(0, 300)
        .replace(/[^\x20-\x7e]+/g, " ")
        .trim(),
    )
    .filter((text) => text !== "")
    .join(": ");
  throw new ConnectorError({
    code: "authentication_failed",
    phase: "credentials",
    message: `The login was refused (${said}). Begin another one, and give consent.`,
    details: { server_code: error.slice(0, 100).replace(/[^\x20-\x7e]+/g, " ") },
  });
}

async function storeGrant(
  context: ConnectionContext,
  profile: Profile,
  fields: Values,
  values: Values,
  life: number | undefined,
  origins: readonly string[],
): Promise<Grant> {
  const { core } = context;
  const refreshToken = reveal(values.get("refresh_token"));
  const obtainedAt = core.clock.wall();
  await core.grants.adopt(grantKey(context, profile, fields), {
    values: plainValues(new Map([...values].filter(([name]) => name !== "refresh_token"))),
    ...(typeof refreshToken === "string" && refreshToken !== "" ? { refreshToken } : {}),
    obtainedAt,
    ...(life === undefined ? {} : { lifeMs: life }),
    origins,
  });
  return {
    profile: profile.id,
    obtainedAt: new Date(obtainedAt),
    expiresAt: life === undefined ? undefined : new Date(obtainedAt + life),
    refreshable: typeof refreshToken === "string" && refreshToken !== "",
    origins,
    scopes: scopesOf(profile, reveal(values.get("scope"))),
  };
}

/** What the store holds of a consent; undefined where there is none. */
export async function readGrant(
  context: ConnectionContext,
  profile: Profile,
  fields: Values,
): Promise<Grant | undefined> {
  const held = await context.core.grants.load(grantKey(context, profile, fields));
  if (!held) return undefined;
  const { obtainedAt, lifeMs: life, refreshToken, origins, dead } = held;
  return {
    profile: profile.id,
    obtainedAt: new Date(obtainedAt),
    expiresAt: life === undefined ? undefined : new Date(obtainedAt + life),
    refreshable: refreshToken !== undefined && dead === undefined,
    origins,
    scopes: scopesOf(profile, new Map(held.values).get("scope")),
    ...(dead === undefined ? {} : { ended: dead }),
  };
}

/** Servers separate scopes by blanks or commas, whatever they were asked with. */
function scopesOf({ source }: Profile, granted: unknown): readonly string[] {
  if (typeof granted === "string") return granted.split(/[\s,]+/).filter((scope) => scope !== "");
  return source.kind === "oauth2" ? source.scopes : [];
}

function denied(message: string): ConnectorError {
  return new ConnectorError({ code: "policy_denied", phase: "credentials", message });
}
