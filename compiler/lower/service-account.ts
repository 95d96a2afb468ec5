/** A signed assertion in place of a login (RFC 7523, section 2.1), by default in the form of Google's service accounts. */
import type { BodyNode, JwtRecipe, Step, Template, UrlTemplate } from "../../schema/ir.ts";
import type { DeclaredField } from "./declared.ts";
import { fieldHole, grantHole, holeEntry, textEntry } from "./holes.ts";
import { claim, lowerRecipe, withClaims } from "./jwt.ts";
import { audienceOf, contextOf, placeOf, type TokenCall, tokenExchange } from "./oauth-call.ts";
import { scopesOf } from "./oauth-scopes.ts";
import { distinctSymbols } from "./step.ts";
import { lowerTemplate } from "./templates.ts";
import { type LoweredUrl, lowerUrl } from "./url.ts";

/** The profile's token call; undefined where there is nothing to sign with (reported by the rules). */
export function serviceAccountStep(call: TokenCall): Step | undefined {
  const { lowering, profile, at } = call;
  const own = at.has("assertion");
  const field = profile.fields.find(({ type }) => type === "json") ?? (own ? undefined : profile.fields[0]);
  const before = lowering.references.length;
  const url = tokenUrl(call, field);
  const recipe = own
    ? lowerRecipe(lowering, at.at("assertion"), placeOf(call, "raw"))
    : field && keyFileRecipe(call, field);
  if (!url || !recipe) return undefined;
  const context = contextOf(call);
  const standard = [
    textEntry("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer", context),
    holeEntry("assertion", grantHole("assertion", context)),
  ];
  const exchange = tokenExchange(call, url, { standard, client: [], headers: [] });
  const assertion = withClaims(recipe, standardClaims(call, field, audienceOf(url)));
  return { ...exchange, inputs: distinctSymbols(lowering.references.slice(before)), assertion };
}

function tokenUrl(call: TokenCall, field: DeclaredField | undefined): LoweredUrl | undefined {
  const { lowering, at } = call;
  if (at.has("token_url"))
    return lowerUrl(lowering, at.at("token_url"), placeOf(call, "raw", "oauth.token_url"));
  return field && ownTokenUrl(call, field);
}

/** `token_uri` of the key file. */
function ownTokenUrl(call: TokenCall, field: DeclaredField): LoweredUrl {
  const hole = fieldHole(call.lowering, field, placeOf(call, "base_url", "oauth.token_url"), "token_uri");
  const url: UrlTemplate = { origin: { kind: "base", base: { parts: [hole] } }, path: { parts: [] } };
  return { url, query: [] };
}

/** A text of the key file. */
function member(call: TokenCall, field: DeclaredField, name: string): Template {
  return { parts: [{ ...fieldHole(call.lowering, field, placeOf(call, "raw"), name), optional: false }] };
}

function keyFileRecipe(call: TokenCall, field: DeclaredField): JwtRecipe {
  const keyId = {
    ...fieldHole(call.lowering, field, placeOf(call, "raw"), "private_key_id"),
    optional: true,
  };
  return {
    algorithm: "RS256",
    key: member(call, field, "private_key"),
    key_id: { parts: [keyId] },
    headers: [],
    claims: { kind: "object", entries: [] },
    ttl_seconds: 3600,
  };
}

/** The claims that are filled in where the author gives none. */
function standardClaims(
  call: TokenCall,
  field: DeclaredField | undefined,
  audience: Template | undefined,
): { readonly key: string; readonly value: BodyNode }[] {
  const { lowering, at } = call;
  const scopes = scopesOf(at);
  const claims: readonly (readonly [string, Template | undefined])[] = [
    ["iss", field && member(call, field, "client_email")],
    ["sub", at.has("subject") ? lowerTemplate(lowering, at.at("subject"), placeOf(call, "raw")) : undefined],
    ["scope", scopes === "" ? undefined : { parts: [scopes] }],
    ["aud", audience],
  ];
  return claims.flatMap(([key, value]) => (value ? [{ key, value: claim(value) }] : []));
}
