import type { BodyNode, Entry, Exchange, Placement, Step, ValueSymbol } from "../../../schema/ir.ts";
import type { Cursor } from "../../lower/cursor.ts";
import { declareSteps } from "../../lower/declare-chain.ts";
import type { DeclaredProfile, DeclaredStep } from "../../lower/declared.ts";
import type { Model } from "../../lower/lower.ts";
import type { Owner } from "../../lower/lowering.ts";
import type { LoweredProfile } from "../../lower/profile.ts";
import type { Pointer } from "../../read/tree.ts";
import { usesOf } from "../uses.ts";
import { type Carried, carriedBy, passageOf } from "./passage.ts";
import type { SiteOf, UrlSite } from "./sites.ts";

/** A request that is made with the credentials of a profile. */
export interface ProfileExchange extends UrlSite {
  readonly kind: "step" | "token" | "test" | "operation";
  /** For a sentence: "the operation `list_issues`". */
  readonly what: string;
  readonly method: string;
  /** The operation, step, `oauth` or `test_endpoint` map. */
  readonly from: Cursor;
  /** Whose names its templates use. */
  readonly owner: Owner;
  /** Everything that it sends; the values in its host are no part of that. */
  readonly carries: () => readonly Carried[];
}

/** The requests of a profile, in the order in which they come about: its chain or token call, its test, its operations. */
export function exchangesOf(lowered: LoweredProfile, model: Model, siteOf: SiteOf): ProfileExchange[] {
  return [
    ...signInsOf(lowered, model, siteOf),
    ...testOf(lowered, model, siteOf),
    ...operationsOf(lowered.declared, model, siteOf),
  ];
}

/** The requests that obtain a profile's credential. */
export function signInsOf(lowered: LoweredProfile, model: Model, siteOf: SiteOf): ProfileExchange[] {
  return [...stepsOf(lowered, siteOf), ...tokenCallsOf(lowered, model, siteOf), ...afterOf(lowered, siteOf)];
}

function stepsOf({ declared, profile }: LoweredProfile, siteOf: SiteOf): ProfileExchange[] {
  const { chain } = declared;
  if (!chain || profile?.source.kind !== "chain") return [];
  return placed(chain.steps, profile.source.steps, { kind: "chain", id: chain.id }, siteOf);
}

/** Calls that follow a token call. */
function afterOf({ declared, profile }: LoweredProfile, siteOf: SiteOf): ProfileExchange[] {
  const steps = declareSteps(declared.at.at("oauth").at("after_token"));
  if (steps.length === 0 || !profile || declared.chain) return [];
  const { login, source } = profile;
  const lowered =
    login?.kind === "authorization_code"
      ? login.after
      : source.kind === "oauth2"
        ? source.steps.slice(1)
        : [];
  return placed(steps, lowered, { kind: "profile", id: declared.id }, siteOf);
}

function placed(
  steps: readonly DeclaredStep[],
  lowered: readonly Step[],
  owner: Owner,
  siteOf: SiteOf,
): ProfileExchange[] {
  return steps.flatMap((step, index) => {
    const exchange = lowered[index]?.exchange;
    const url = siteOf(step.at.at("endpoint"));
    return exchange && url
      ? {
          ...url,
          kind: "step",
          what: `the step \`${step.name}\``,
          method: exchange.method,
          from: step.at,
          owner,
          carries: () => carriedIn(exchange),
        }
      : [];
  });
}

/** Where tokens are asked for. */
function tokenCallsOf(
  { declared, profile }: LoweredProfile,
  model: Model,
  siteOf: SiteOf,
): ProfileExchange[] {
  const oauth = declared.at.at("oauth");
  const lowered = profile?.source.kind === "oauth2" ? profile.source.steps[0]?.exchange : undefined;
  return ["token_url", "refresh_url"].flatMap((key) => {
    const url = siteOf(oauth.at(key));
    return url
      ? {
          ...url,
          kind: "token",
          what: `\`${key}\``,
          method: "POST",
          from: oauth,
          owner: { kind: "profile", id: declared.id },
          carries: () => (lowered ? carriedIn(lowered) : sentForTokens(declared, model)),
        }
      : [];
  });
}

/** Keys of `oauth` whose values token requests carry. */
const sentKeys: ReadonlySet<string> = new Set([
  "client_secret",
  "token_params",
  "token_headers",
  "refresh_params",
  "refresh",
]);

/** What a grant sends whose calls the runtime builds by itself: a key that signs stays here. */
function sentForTokens({ at, fields, id }: DeclaredProfile, model: Model): Carried[] {
  const oauth = at.at("oauth");
  const asserts = oauth.at("client_auth").string() === "private_key_jwt";
  const implied = fields.filter(
    ({ key }) =>
      key === "refresh_token" || (key === "client_secret" && !asserts && !oauth.has("client_secret")),
  );
  const own = usesOf(model).by({ kind: "profile", id });
  const written = own.filter(
    ({ path }) => startsWith(path, oauth.path) && sentKeys.has(String(path[oauth.path.length])),
  );
  return [
    ...implied.map(({ key }): Carried => ({ form: "plain", symbol: { kind: "credential", key } })),
    ...written.map((reference): Carried => ({ ...passageOf(reference), symbol: reference.symbol })),
  ];
}

/** True for a place at or below another. */
export function startsWith(path: Pointer, prefix: Pointer): boolean {
  return prefix.every((part, index) => String(path[index]) === String(part));
}

function testOf({ declared, profile }: LoweredProfile, model: Model, siteOf: SiteOf): ProfileExchange[] {
  const from = declared.at.at("test_endpoint");
  const url = siteOf(from.at("url"));
  if (!url || !profile?.test) return [];
  const { exchange, placement } = profile.test;
  const borrowed = from.has("headers") || isPlaced(placement) ? placement : firstPlacement(declared, model);
  return [
    {
      ...url,
      kind: "test",
      what: "the test endpoint",
      method: exchange.method,
      from,
      owner: { kind: "profile", id: declared.id },
      carries: () => [...carriedIn(exchange), ...carriedByPlacement(borrowed)],
    },
  ];
}

function firstPlacement(profile: DeclaredProfile, model: Model): Placement | undefined {
  const first = usesOf(model).operationsOf(profile)[0]?.operation;
  return first?.auth.find((auth) => auth.profile === profile.id)?.placement;
}

function operationsOf(profile: DeclaredProfile, model: Model, siteOf: SiteOf): ProfileExchange[] {
  const users = usesOf(model).operationsOf(profile);
  return users.flatMap(({ declared, operation }) => {
    if (!operation) return [];
    const url = siteOf(declared.at.at("endpoint"));
    const placement = operation.auth.find((auth) => auth.profile === profile.id)?.placement;
    return url
      ? {
          site: url.site,
          at: url.at,
          url: url.url,
          kind: "operation",
          what: `the operation \`${declared.id}\``,
          method: operation.exchange.method,
          from: declared.at,
          owner: { kind: "profile", id: profile.id },
          carries: () => [
            ...carriedIn(operation.exchange).filter(({ symbol }) => belongsTo(symbol, profile)),
            ...carriedByPlacement(placement),
          ],
        }
      : [];
  });
}

/** An operation with alternatives names the fields of each. */
function belongsTo(symbol: ValueSymbol, { fields, chain }: DeclaredProfile): boolean {
  if (symbol.kind === "credential") return fields.some(({ key }) => key === symbol.key);
  if (symbol.kind === "extract") return chain?.steps.some(({ name }) => name === symbol.step) ?? false;
  return true;
}

function isPlaced({ headers, query, cookies }: Placement): boolean {
  return headers.length + query.length + cookies.length > 0;
}

function carriedByPlacement(placement: Placement | undefined): Carried[] {
  return placement
    ? [...placement.headers, ...placement.query, ...placement.cookies].flatMap(carriedByEntry)
    : [];
}

/** A host is where things are sent, not what is sent: `secret/in-host` looks at it. */
function carriedIn({ url, query, headers, cookies, body }: Exchange): Carried[] {
  return [
    ...carriedBy(url.path),
    ...[...query, ...headers, ...cookies].flatMap(carriedByEntry),
    ...(body ? carriedByBody(body.root) : []),
  ];
}

function carriedByEntry(entry: Entry): Carried[] {
  return entry.kind === "template" ? carriedBy(entry.value) : [];
}

function carriedByBody(node: BodyNode): Carried[] {
  switch (node.kind) {
    case "literal":
      return [];
    case "template":
      return carriedBy(node.template);
    case "value":
      return carriedBy({ parts: [node.hole] });
    case "object":
      return node.entries.flatMap(({ value }) => carriedByBody(value));
    case "list":
      return node.items.flatMap(carriedByBody);
  }
}
