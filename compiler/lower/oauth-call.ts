/** One call of a token endpoint: where its parameters go, under which names, and what they are. */
import type { Body, BodyNode, Context, Entry, Hole, Json, Step, Template } from "../../schema/ir.ts";
import type { Cursor } from "./cursor.ts";
import type { DeclaredProfile } from "./declared.ts";
import { lowerEntries, overDefaults } from "./entries.ts";
import { templateEntry } from "./holes.ts";
import { given } from "./json.ts";
import { claim } from "./jwt.ts";
import type { Lowering, Owner } from "./lowering.ts";
import type { TokenAnswer } from "./oauth-answer.ts";
import { type ClientAuth, clientAuthOf, lowerClient } from "./oauth-client.ts";
import type { Scope } from "./scope.ts";
import { distinctSymbols } from "./step.ts";
import { lowerTemplate, type Place } from "./templates.ts";
import { type LoweredUrl, lowerUrl } from "./url.ts";

/** What the calls of one profile have in common. */
export interface OAuthProfile {
  readonly lowering: Lowering;
  readonly profile: DeclaredProfile;
  /** The `oauth` section. */
  readonly at: Cursor;
  readonly owner: Owner;
  /** What the calls that obtain a token may name. */
  readonly scope: Scope;
  readonly answer: TokenAnswer;
}

/** Where the parameters of a token call go. */
type Carrier = "form" | "json" | "query";

/** How one call is made. */
export interface TokenCall extends OAuthProfile {
  readonly name: "token" | "refresh";
  readonly url: Cursor;
  readonly method: "POST" | "GET";
  readonly carrier: Carrier;
  readonly auth: ClientAuth;
  readonly headers: Cursor;
  /** The author's own parameters. */
  readonly params: Cursor;
}

/** A parameter under the name that it has on the wire. */
export interface Param {
  readonly name: string;
  readonly value: Template;
  /** In JSON: a number or a boolean as it was written. */
  readonly literal?: Json;
}

/** The call that obtains a token. */
export function tokenCall(oauth: OAuthProfile): TokenCall {
  const { at } = oauth;
  return {
    ...oauth,
    name: "token",
    url: at.at("token_url"),
    ...mannerOf(at.at("token_method"), at.at("body_format"), at.at("client_auth")),
    headers: at.at("token_headers"),
    params: at.at("token_params"),
  };
}

/** The call that renews one; `scope`: what it may name. */
export function refreshCall(oauth: OAuthProfile, scope: Scope): TokenCall {
  const { at } = oauth;
  const own = at.at("refresh");
  const either = (key: string, general: string): Cursor => (own.has(key) ? own.at(key) : at.at(general));
  return {
    ...oauth,
    scope,
    name: "refresh",
    url: at.at(at.has("refresh_url") ? "refresh_url" : "token_url"),
    ...mannerOf(
      either("method", "token_method"),
      either("body_format", "body_format"),
      either("client_auth", "client_auth"),
    ),
    headers: either("headers", "token_headers"),
    params: at.at("refresh_params"),
  };
}

function mannerOf(
  method: Cursor,
  format: Cursor,
  auth: Cursor,
): Pick<TokenCall, "method" | "carrier" | "auth"> {
  const verb = method.string() === "GET" ? "GET" : "POST";
  const client = clientAuthOf(auth);
  const wanted = format.string() ?? (client === "query" ? "query" : "form");
  const carrier = verb === "GET" || wanted === "query" ? "query" : wanted === "json" ? "json" : "form";
  return { method: verb, carrier, auth: client };
}

export function contextOf({ carrier }: Pick<TokenCall, "carrier">): Context {
  return carrier;
}

export function placeOf({ scope, owner }: OAuthProfile, context: Context, section = "oauth"): Place {
  return { scope, owner, context, section };
}

/** One token call, with the client's proof. `standard`: the parameters that the grant itself has. */
export function tokenStep(call: TokenCall, standard: (place: Place) => readonly Entry[]): Step | undefined {
  const { lowering, profile, url: at } = call;
  const before = lowering.references.length;
  const section = `oauth.${String(at.path.at(-1))}`;
  const url = lowerUrl(lowering, at, placeOf(call, "raw", section));
  const place = placeOf(call, contextOf(call));
  const entries = standard(place);
  const client = lowerClient(lowering, profile, {
    auth: call.auth,
    place: { ...place, context: call.auth === "query" ? "query" : place.context },
    tokenUrl: audienceOf(url),
  });
  if (!url || !client) return undefined;
  return {
    ...tokenExchange(call, url, { standard: entries, client: client.entries, headers: client.headers }),
    inputs: distinctSymbols(lowering.references.slice(before)),
    ...given("assertion", client.assertion),
  };
}

interface Sent {
  readonly standard: readonly Entry[];
  readonly client: readonly Entry[];
  readonly headers: readonly Entry[];
}

/** The call without what it reads, which its caller lists when all is lowered. */
export function tokenExchange(call: TokenCall, url: LoweredUrl, sent: Sent): Omit<Step, "inputs"> {
  const { lowering, answer, carrier, name } = call;
  // A client in the query leaves the body to the rest.
  const apart = call.auth === "query" && carrier !== "query";
  const renamed = (entries: readonly Entry[]): Param[] => withNames(call.at, entries);
  const params = merged(renamed(sent.standard), ownParams(call), apart ? [] : renamed(sent.client));
  const headers = lowerEntries(lowering, call.headers, {
    ...placeOf(call, "header"),
    section: `oauth.${String(call.headers.path.at(-1))}`,
  });
  return {
    name,
    exchange: {
      kind: "http",
      id: `step:${name}`,
      method: call.method,
      url: url.url,
      query: [
        ...url.query,
        ...(carrier === "query" ? params.map(entryOf) : []),
        ...(apart ? renamed(sent.client).map(entryOf) : []),
      ],
      headers: overDefaults(headers, [acceptEntry(answer.response.type), ...sent.headers], "header"),
      cookies: [],
      ...given("body", bodyOf(carrier, params)),
      response: answer.response,
    },
    extract: answer.extract,
    life: answer.life,
  };
}

function acceptEntry(type: string): Entry {
  return templateEntry("Accept", { parts: [type === "json" ? "application/json" : "*/*"] });
}

function entryOf({ name, value }: Param): Entry {
  return templateEntry(name, value);
}

function bodyOf(carrier: Carrier, params: readonly Param[]): Body | undefined {
  if (carrier === "query") return undefined;
  const entries = params.map((param) => ({ key: param.name, value: nodeOf(carrier, param) }));
  return {
    content_type: carrier,
    media_type: carrier === "json" ? "application/json" : "application/x-www-form-urlencoded",
    root: { kind: "object", entries },
  };
}

function nodeOf(carrier: Carrier, { value, literal }: Param): BodyNode {
  if (carrier === "form") return { kind: "template", template: value };
  return literal === undefined ? claim(value) : { kind: "literal", value: literal };
}

const named = [
  "client_id",
  "client_secret",
  "code",
  "redirect_uri",
  "state",
  "response_type",
  "scope",
  "grant_type",
  "refresh_token",
  "code_verifier",
] as const;

/** The protocol's parameters under the API's own names. */
export function withNames(oauth: Cursor, entries: readonly Entry[]): Param[] {
  const names = oauth.at("param_names");
  const nameOf = (name: string): string =>
    (named.some((one) => one === name) ? names.at(name).string() : undefined) ?? name;
  return entries.flatMap((entry) =>
    entry.kind === "template" ? [{ name: nameOf(entry.name), value: entry.value }] : [],
  );
}

interface OwnParams {
  readonly params: readonly Param[];
  /** Written as null. */
  readonly dropped: ReadonlySet<string>;
}

function ownParams(call: TokenCall): OwnParams {
  return lowerOwn(call.lowering, call.params, placeOf(call, contextOf(call)));
}

/** A map of further parameters. */
export function lowerOwn(lowering: Lowering, at: Cursor, place: Place): OwnParams {
  const entries = lowerEntries(lowering, at, { ...place, section: `oauth.${String(at.path.at(-1))}` });
  const params = entries.flatMap((entry): Param[] => {
    if (entry.kind !== "template") return [];
    const written = at.at(entry.name).scalar?.value;
    const literal = typeof written === "number" || typeof written === "boolean" ? { literal: written } : {};
    return [{ name: entry.name, value: entry.value, ...literal }];
  });
  const dropped = at.entries().flatMap(([name, value]) => (value.scalar?.value === null ? [name] : []));
  return { params, dropped: new Set(dropped) };
}

/** What the protocol sends, each replaced or left out where the author says so; the rest of the author's before the client. */
export function merged(standard: readonly Param[], own: OwnParams, client: readonly Param[]): Param[] {
  const written = new Map(own.params.map((param) => [param.name, param]));
  const kept = (param: Param): Param[] =>
    own.dropped.has(param.name) ? [] : [written.get(param.name) ?? param];
  const known = new Set([...standard, ...client].map(({ name }) => name));
  return [
    ...standard.flatMap(kept),
    ...own.params.filter(({ name }) => !known.has(name)),
    ...client.flatMap(kept),
  ];
}

/** The URL as text, for the `aud` of an assertion. */
export function audienceOf(lowered: LoweredUrl | undefined): Template | undefined {
  if (!lowered) return undefined;
  const { origin, path } = lowered.url;
  switch (origin.kind) {
    case "literal":
      return { parts: joined([origin.origin, ...path.parts]) };
    case "host":
      return { parts: [`${origin.scheme}://`, ...origin.authority.parts, ...path.parts] };
    case "base":
      return { parts: [...origin.base.parts, ...path.parts] };
  }
}

/** Neighbouring texts as one. */
function joined(parts: readonly (string | Hole)[]): (string | Hole)[] {
  const all: (string | Hole)[] = [];
  for (const part of parts) {
    const last = all.at(-1);
    if (typeof last === "string" && typeof part === "string") all[all.length - 1] = last + part;
    else all.push(part);
  }
  return all;
}

export function audienceEntry({ lowering, at }: OAuthProfile, place: Place): Entry[] {
  const audience = at.has("audience") ? lowerTemplate(lowering, at.at("audience"), place) : undefined;
  return audience ? [templateEntry("audience", audience)] : [];
}
