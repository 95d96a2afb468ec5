import type {
  CredentialField,
  Json,
  JsonObject,
  Placement,
  Profile,
  ProfileType,
  Setting,
  Step,
  TestExchange,
  UrlOrigin,
} from "../../schema/ir.ts";
import { toValue } from "../read/tree.ts";
import { anySuccess, lowerMatchers, rootPath } from "./answers.ts";
import { chainExtracts } from "./chain-extracts.ts";
import type { Cursor } from "./cursor.ts";
import type { DeclaredField, DeclaredOperation, DeclaredProfile } from "./declared.ts";
import { lowerEntries } from "./entries.ts";
import { createFind } from "./find.ts";
import { given, toJson, toJsonObject } from "./json.ts";
import { lowerRecipe } from "./jwt.ts";
import type { Lowering, Owner } from "./lowering.ts";
import { lowerOAuth, oauthNames } from "./oauth.ts";
import { hasPlacement, lowerGivenPlacement, noPlacement, ownPlacement } from "./placement.ts";
import type { Scope } from "./scope.ts";
import { lowerSigner } from "./signer.ts";
import { lowerChain, lowerMethod } from "./step.ts";
import type { Place } from "./templates.ts";
import { lowerUrl } from "./url.ts";

/** A profile before its origins are known: those of operations come later. */
export interface LoweredProfile {
  readonly declared: DeclaredProfile;
  readonly scope: Scope;
  readonly profile: Omit<Profile, "origins"> | undefined;
  readonly origins: readonly UrlOrigin[];
}

function profileOwner(profile: DeclaredProfile): Owner {
  return { kind: "profile", id: profile.id };
}

/** What credential placements of this profile may name, in an operation also its parameters. */
export function placementScope(
  lowering: Lowering,
  profile: DeclaredProfile,
  operation?: DeclaredOperation,
): Scope {
  const own = ownScopes.get(profile) ?? ownScope(lowering, profile);
  ownScopes.set(profile, own);
  return operation ? { ...own, parameters: operation.parameters, open: own.open || operation.open } : own;
}

/** Worked out once: thousands of operations may accept one profile. */
const ownScopes = new WeakMap<DeclaredProfile, Scope>();

function ownScope(lowering: Lowering, profile: DeclaredProfile): Scope {
  const { chain } = profile;
  const extracts = chain ? chainExtracts(chain).all : [];
  const last = chain?.steps.at(-1);
  const final =
    last && chain?.final !== undefined && last.extracts.some((e) => e.name === chain.final)
      ? { step: last.name, name: chain.final }
      : undefined;
  return {
    place: "auth",
    parameters: [],
    profiles: [profile],
    settings: lowering.declared.settings,
    extracts,
    later: [],
    oauth: oauthNames(profile),
    open: lowering.declared.open.settings || profile.open,
    ...given("final", final),
  };
}

/** Where the profile's credential goes unless an operation says otherwise; lowered once, and shared by the operations. */
export function profilePlacement(lowering: Lowering, profile: DeclaredProfile): Placement {
  const known = lowering.placements.get(profile);
  if (known) return known;
  const scope = placementScope(lowering, profile);
  const given = lowerGivenPlacement(lowering, profile.at, scope, profileOwner(profile));
  const placement = given ?? ownPlacement(profile, undefined) ?? noPlacement;
  lowering.placements.set(profile, placement);
  return placement;
}

export function lowerProfile(lowering: Lowering, declared: DeclaredProfile): LoweredProfile {
  const { at } = declared;
  const owner = profileOwner(declared);
  const scope = placementScope(lowering, declared);
  const lowered = lowerSource(lowering, declared, scope, owner);
  const placement = profilePlacement(lowering, declared);
  const test = at.has("test_endpoint") ? lowerTest(lowering, declared, placement, scope, owner) : undefined;
  return {
    declared,
    scope,
    origins: [
      ...(lowered ? stepsOf(lowered) : []).map((step) => step.exchange.url.origin),
      ...(test ? [test.exchange.url.origin] : []),
    ],
    profile: lowered && {
      id: declared.id,
      type: declared.type,
      ...given("description", at.at("description").string()),
      ...given("docs_url", at.at("docs_url").string()),
      fields: declared.fields.map(lowerField),
      ...lowered,
      ...given("settings", toJsonObject(at.at(sectionOf(declared.type)).value())),
      placement,
      ...given("test", test),
      expired_when: lowerMatchers(lowering, at.at("expired_when")),
      allowed_hosts: allowedHosts(lowering, at),
      ...given("mtls", lowerMtls(at.at("mtls"))),
    },
  };
}

/** The section that says how credentials of a type are obtained, or requests signed. */
function sectionOf(type: ProfileType): string {
  return type.startsWith("oauth2_") || type === "service_account" ? "oauth" : type;
}

/** Every call that carries a credential of the profile before its operations do. */
function stepsOf({ source, login }: LoweredSource): Step[] {
  const steps = "steps" in source ? source.steps : [];
  const refresh = source.kind === "oauth2" && source.refresh ? [source.refresh] : [];
  if (login?.kind === "oauth1") return [...steps, login.request, login.access];
  return [...steps, ...refresh, ...(login ? [login.exchange, ...login.after] : [])];
}

/** The profile's own, else those of the top level. */
function allowedHosts(lowering: Lowering, profile: Cursor): readonly string[] {
  const owner = profile.has("allowed_hosts") ? profile : lowering.declared.root;
  const items = owner.at("allowed_hosts").items();
  if (!lowering.takes("hosts", items.length, profile)) return [];
  return items.flatMap((item) => item.string()?.toLowerCase() ?? []);
}

function lowerMtls(at: Cursor): Profile["mtls"] {
  const certificate = at.at("certificate").string();
  const key = at.at("key").string();
  return certificate !== undefined && key !== undefined ? { certificate, key } : undefined;
}

/** Where a profile's credentials come from, and what is done with them beyond their placement. */
type LoweredSource = Pick<Profile, "source" | "signer" | "login">;

function lowerSource(
  lowering: Lowering,
  profile: DeclaredProfile,
  scope: Scope,
  owner: Owner,
): LoweredSource | undefined {
  const { chain, type } = profile;
  if (chain) {
    if (!lowering.takes("steps", chain.steps.length, profile.at)) return undefined;
    const steps = lowerChain(lowering, chain, withInitial(profile, lowering.declared.settings));
    const last = chain.steps.at(-1);
    if (!steps || !last || chain.final === undefined) return undefined;
    return {
      source: { kind: "chain", chain: chain.id, steps, token: { step: last.name, name: chain.final } },
    };
  }
  if (type.startsWith("oauth2_") || type === "service_account") {
    const lowered = lowerOAuth(lowering, profile, scope, owner);
    return lowered && { source: lowered.source, ...given("login", lowered.login) };
  }
  const place: Place = { scope, owner, context: "raw", section: type };
  if (type === "jwt") {
    const recipe = lowerRecipe(lowering, profile.at.at("jwt"), place);
    return recipe && { source: { kind: "jwt", recipe } };
  }
  const signed = lowerSigner(lowering, profile, place);
  if (signed === "none") return { source: { kind: "fields" } };
  if (!signed) return undefined;
  const { signer, step, login } = signed;
  return {
    source: step
      ? { kind: "chain", chain: step.name, steps: [step], token: { step: step.name, name: "session_token" } }
      : { kind: "fields" },
    signer,
    ...given("login", login),
  };
}

const findSetting = createFind<DeclaredField>(({ key }) => key);

/** A chain's initial credentials are known to its steps even where the profile forgets to declare one (reported once, by its rule). */
export function withInitial(profile: DeclaredProfile, settings: readonly DeclaredField[]): DeclaredProfile {
  const { chain } = profile;
  if (!chain) return profile;
  const missing = chain.initial.filter(
    ({ key }) => !profile.fields.some((f) => f.key === key) && !findSetting(settings, key),
  );
  if (missing.length === 0) return profile;
  const extra = missing.map(
    ({ key, at }): DeclaredField => ({
      key,
      type: "secret",
      required: true,
      secret: true,
      implied: true,
      bounded: false,
      at,
    }),
  );
  return { ...profile, fields: [...profile.fields, ...extra] };
}

function lowerTest(
  lowering: Lowering,
  profile: DeclaredProfile,
  placement: Placement,
  scope: Scope,
  owner: Owner,
): TestExchange | undefined {
  const at = profile.at.at("test_endpoint");
  const url = lowerUrl(lowering, at.at("url"), { scope, owner, section: "test_endpoint" });
  const headers = lowerEntries(lowering, at.at("headers"), {
    scope,
    owner,
    context: "header",
    section: "test_endpoint",
  });
  if (!url) return undefined;
  const expected = at.at("expected_status").number() ?? 200;
  return {
    exchange: {
      kind: "http",
      id: `test:${profile.id}`,
      method: lowerMethod(at.at("method"), "GET"),
      url: url.url,
      query: url.query,
      headers,
      cookies: [],
      response: {
        type: "text",
        success_status: [...anySuccess, { from: expected, to: expected }],
        records: rootPath,
      },
    },
    // Its own headers, else the profile's placement; the first operation's is filled in where neither says anything.
    placement: at.has("headers") ? noPlacement : placement,
    expected_status: expected,
  };
}

/** True where the test call must borrow the placement of the first operation that uses the profile. */
export function borrowsPlacement(profile: DeclaredProfile): boolean {
  return (
    !profile.at.at("test_endpoint").has("headers") &&
    !hasPlacement(profile.at) &&
    ownPlacement(profile, undefined) === undefined
  );
}

function lowerField(field: DeclaredField): CredentialField {
  return {
    key: field.key,
    type: field.type,
    required: field.required,
    secret: field.secret,
    implied: field.implied,
    ...(field.implied ? {} : valueRules(field.at)),
  };
}

export function lowerSetting(field: DeclaredField): Setting {
  const fallback = field.at.at("default_value").value();
  return {
    key: field.key,
    type: field.type,
    required: field.required && fallback === undefined,
    implied: false,
    ...(fallback === undefined ? {} : { default: toJson(fallback) }),
    ...valueRules(field.at),
  };
}

interface ValueRules {
  readonly pattern?: string;
  readonly enum?: readonly Json[];
  readonly format?: string;
  readonly label?: string;
  readonly description?: string;
  readonly example?: Json;
}

function valueRules(at: Cursor): ValueRules {
  const values = at.at("enum");
  const example = at.at("example").value();
  return {
    ...given("pattern", at.at("pattern").string()),
    ...(values.exists ? { enum: values.items().map((item) => toJson(item.value())) } : {}),
    ...given("format", at.at("format").string()),
    ...given("label", at.at("label").string()),
    ...given("description", at.at("description").string()),
    ...(example === undefined ? {} : { example: toJson(example) }),
  };
}

/** Every `x-` key, untouched. */
export function extensions(at: Cursor): JsonObject | undefined {
  if (at.node?.kind !== "map") return undefined;
  const found = at.node.entries.filter(({ key }) => key.startsWith("x-"));
  return found.length > 0
    ? Object.fromEntries(found.map(({ key, value }) => [key, toJson(toValue(value))]))
    : undefined;
}
