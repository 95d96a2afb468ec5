import type {
  CredentialField,
  CredentialSource,
  Json,
  JsonObject,
  Placement,
  Profile,
  Setting,
  TestExchange,
  UrlOrigin,
} from "../../schema/ir.ts";
import { anySuccess, lowerMatchers, rootPath } from "./answers.ts";
import type { Cursor } from "./cursor.ts";
import type { DeclaredField, DeclaredOperation, DeclaredProfile } from "./declare.ts";
import { lowerEntries } from "./entries.ts";
import { given, toJson, toJsonObject } from "./json.ts";
import type { Lowering, Owner } from "./lowering.ts";
import { lowerOAuth, oauthNames } from "./oauth.ts";
import { hasPlacement, lowerGivenPlacement, noPlacement, ownPlacement } from "./placement.ts";
import type { Scope } from "./scope.ts";
import { lowerChain, lowerMethod } from "./step.ts";
import { lowerTemplate, type Place } from "./templates.ts";
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

/** What credential placements of this profile may name. */
export function placementScope(
  lowering: Lowering,
  profile: DeclaredProfile,
  operation?: DeclaredOperation,
): Scope {
  const { chain } = profile;
  const extracts =
    chain?.steps.flatMap((step) => step.extracts.map((e) => ({ step: step.name, name: e.name }))) ?? [];
  const last = chain?.steps.at(-1);
  const final =
    last && chain?.final !== undefined && last.extracts.some((e) => e.name === chain.final)
      ? { step: last.name, name: chain.final }
      : undefined;
  return {
    place: "auth",
    parameters: operation?.parameters ?? [],
    profiles: [profile],
    settings: lowering.declared.settings,
    extracts,
    later: [],
    oauth: oauthNames(profile),
    open: lowering.declared.open.settings || profile.open || (operation?.open ?? false),
    ...given("final", final),
  };
}

export function lowerProfile(lowering: Lowering, declared: DeclaredProfile): LoweredProfile {
  const { at } = declared;
  const owner = profileOwner(declared);
  const scope = placementScope(lowering, declared);
  const source = lowerSource(lowering, declared, scope, owner);
  const placement =
    lowerGivenPlacement(lowering, at, scope, owner) ?? ownPlacement(declared, undefined) ?? noPlacement;
  const test = at.has("test_endpoint") ? lowerTest(lowering, declared, placement, scope, owner) : undefined;
  const steps = source && "steps" in source ? source.steps : [];
  return {
    declared,
    scope,
    origins: [...steps.map((step) => step.exchange.url.origin), ...(test ? [test.exchange.url.origin] : [])],
    profile: source && {
      id: declared.id,
      type: declared.type,
      ...given("description", at.at("description").string()),
      ...given("docs_url", at.at("docs_url").string()),
      fields: declared.fields.map(lowerField),
      source,
      placement,
      ...given("test", test),
      expired_when: lowerMatchers(lowering, at.at("expired_when")),
      allowed_hosts: allowedHosts(at.has("allowed_hosts") ? at : lowering.declared.root),
      ...given("mtls", lowerMtls(at.at("mtls"))),
    },
  };
}

function allowedHosts(at: Cursor): string[] {
  return at
    .at("allowed_hosts")
    .items()
    .flatMap((item) => item.string()?.toLowerCase() ?? []);
}

function lowerMtls(at: Cursor): Profile["mtls"] {
  const certificate = at.at("certificate").string();
  const key = at.at("key").string();
  return certificate !== undefined && key !== undefined ? { certificate, key } : undefined;
}

function lowerSource(
  lowering: Lowering,
  profile: DeclaredProfile,
  scope: Scope,
  owner: Owner,
): CredentialSource | undefined {
  const { chain, type } = profile;
  if (chain) {
    const steps = lowerChain(lowering, chain, withInitial(profile, lowering.declared.settings));
    const last = chain.steps.at(-1);
    if (!steps || !last || chain.final === undefined) return undefined;
    return { kind: "chain", chain: chain.id, steps, token: { step: last.name, name: chain.final } };
  }
  if (type.startsWith("oauth2_") || type === "service_account")
    return lowerOAuth(lowering, profile, scope, owner);
  if (type === "jwt" || type === "oauth1" || type === "aws_sigv4" || type === "digest" || type === "wsse") {
    const place: Place = { scope, owner, context: "raw", section: type };
    proveSettings(lowering, profile.at.at(type), place);
    return { kind: "signed", scheme: type, settings: toJsonObject(profile.at.at(type).value()) ?? {} };
  }
  return { kind: "fields" };
}

/** The templates of a signer's settings are proved; the signer reads the settings as data. */
function proveSettings(lowering: Lowering, at: Cursor, place: Place): void {
  const templated = new Set([
    "key",
    "key_id",
    "headers",
    "claims",
    "consumer_key",
    "consumer_secret",
    "token",
    "token_secret",
    "realm",
    "service",
    "region",
    "access_key_id",
    "secret_access_key",
    "session_token",
  ]);
  for (const [key, value] of at.entries()) if (templated.has(key)) proveTexts(lowering, value, place);
}

function proveTexts(lowering: Lowering, at: Cursor, place: Place): void {
  if (at.string() !== undefined) lowerTemplate(lowering, at, place);
  for (const item of at.items()) proveTexts(lowering, item, place);
  for (const [, value] of at.entries()) proveTexts(lowering, value, place);
}

/** A chain's initial credentials are known to its steps even where the profile forgets to declare one (reported once, by its rule). */
export function withInitial(profile: DeclaredProfile, settings: readonly DeclaredField[]): DeclaredProfile {
  const { chain } = profile;
  if (!chain) return profile;
  const missing = chain.initial.filter(
    ({ key }) =>
      !profile.fields.some((f) => f.key === key) && !settings.some((setting) => setting.key === key),
  );
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
  const found = at.entries().filter(([key]) => key.startsWith("x-"));
  return found.length > 0
    ? Object.fromEntries(found.map(([key, value]) => [key, toJson(value.value())]))
    : undefined;
}
