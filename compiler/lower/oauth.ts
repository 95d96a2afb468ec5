import type { CredentialSource, Login, Step } from "../../schema/ir.ts";
import type { Cursor } from "./cursor.ts";
import type { DeclaredProfile } from "./declared.ts";
import { grantHole, holeEntry, templateEntry, textEntry } from "./holes.ts";
import { given } from "./json.ts";
import type { Lowering, Owner } from "./lowering.ts";
import { afterNames, lowerAfter, tokenAfter } from "./oauth-after.ts";
import { lowerTokenAnswer } from "./oauth-answer.ts";
import {
  audienceEntry,
  lowerOwn,
  merged,
  type OAuthProfile,
  placeOf,
  refreshCall,
  tokenCall,
  tokenStep,
  withNames,
} from "./oauth-call.ts";
import { clientValue } from "./oauth-client.ts";
import { scopeEntry, scopeList } from "./oauth-scopes.ts";
import type { Scope } from "./scope.ts";
import { serviceAccountStep } from "./service-account.ts";
import { lowerUrl } from "./url.ts";

/** A profile's OAuth 2 settings, lowered. */
export interface LoweredOAuth {
  readonly source: CredentialSource;
  readonly login?: Login;
}

const token = { step: "token", name: "access_token" };

/** An OAuth 2 profile's token calls: each is one step like those of a chain. */
export function lowerOAuth(
  lowering: Lowering,
  profile: DeclaredProfile,
  scope: Scope,
  owner: Owner,
): LoweredOAuth | undefined {
  const at = profile.at.at("oauth");
  const before: Scope = { ...scope, oauth: callbackNames(at) };
  const answer = lowerTokenAnswer(lowering, at);
  const oauth: OAuthProfile = { lowering, profile, at, owner, scope: before, answer };
  const common = {
    kind: "oauth2",
    token,
    keep_refresh_token: at.at("keep_refresh_token").boolean() ?? true,
    scopes: scopeList(at),
  } as const;
  const after = lowerAfter(lowering, profile, received(at));
  if (!after) return undefined;
  if (profile.type !== "oauth2_authorization_code") {
    const isAccount = profile.type === "service_account";
    const step = isAccount ? serviceAccountStep(tokenCall(oauth)) : clientCredentialsStep(oauth);
    const grant = isAccount ? "jwt_bearer" : "client_credentials";
    // Such a grant has no refresh token (RFC 6749, section 4.4.3): another token is asked for.
    return step && { source: { ...common, grant, steps: [step, ...after], token: tokenAfter(token, after) } };
  }
  const exchange = codeStep(oauth);
  const refresh = refreshStep(oauth, { ...scope, spends: true });
  const login = exchange && lowerLogin(oauth, exchange, after);
  const again = at.at("refresh").at("after_token").boolean() === true && after.length > 0;
  const renewal = refresh && { refresh, ...given("after_refresh", again ? after : undefined) };
  return (
    renewal && login && { source: { ...common, grant: "authorization_code", steps: [], ...renewal }, login }
  );
}

/** RFC 6749, section 4.4.2. */
function clientCredentialsStep(oauth: OAuthProfile): Step | undefined {
  return tokenStep(tokenCall(oauth), (place) => [
    textEntry("grant_type", "client_credentials", place.context),
    ...scopeEntry(oauth.at, place.context),
    ...audienceEntry(oauth, place),
  ]);
}

/** RFC 6749, section 4.1.3; RFC 7636, section 4.5. */
function codeStep(oauth: OAuthProfile): Step | undefined {
  return tokenStep(tokenCall(oauth), (place) => [
    textEntry("grant_type", "authorization_code", place.context),
    holeEntry("code", grantHole("code", place.context)),
    holeEntry("redirect_uri", grantHole("redirect_uri", place.context)),
    ...(usesPkce(oauth.at) ? [holeEntry("code_verifier", grantHole("code_verifier", place.context))] : []),
    ...audienceEntry(oauth, place),
  ]);
}

/** RFC 6749, section 6. `scope`: what a login has given may be named, too. */
function refreshStep(oauth: OAuthProfile, scope: Scope): Step | undefined {
  return tokenStep(refreshCall(oauth, scope), ({ context }) => [
    textEntry("grant_type", "refresh_token", context),
    holeEntry("refresh_token", grantHole("refresh_token", context)),
  ]);
}

function usesPkce(at: Cursor): boolean {
  return at.at("pkce").boolean() ?? true;
}

/** RFC 6749, section 4.1.1, with PKCE (RFC 7636, section 4.3). */
function lowerLogin(oauth: OAuthProfile, exchange: Step, after: readonly Step[]): Login | undefined {
  const { lowering, profile, at } = oauth;
  // Nothing is known yet of what the redirect will bring.
  const place = placeOf({ ...oauth, scope: { ...oauth.scope, oauth: [] } }, "query");
  const url = lowerUrl(lowering, at.at("authorize_url"), { ...place, section: "oauth.authorize_url" });
  const id = clientValue(lowering, profile, "client_id", place);
  if (!url || !id) return undefined;
  const pkce = usesPkce(at);
  const standard = [
    textEntry("response_type", "code", "query"),
    templateEntry("client_id", id),
    holeEntry("redirect_uri", grantHole("redirect_uri", "query")),
    ...scopeEntry(at, "query"),
    holeEntry("state", grantHole("state", "query")),
    ...(pkce
      ? [
          holeEntry("code_challenge", grantHole("code_challenge", "query")),
          textEntry("code_challenge_method", "S256", "query"),
        ]
      : []),
    ...audienceEntry(oauth, place),
  ];
  const params = merged(withNames(at, standard), lowerOwn(lowering, at.at("authorize_params"), place), []);
  return {
    kind: "authorization_code",
    authorize: url.url,
    query: [...url.query, ...params.map(({ name, value }) => templateEntry(name, value))],
    ...given("fragment", at.at("authorize_fragment").string()),
    ...given("anchor", at.at("authorize_anchor").string()),
    pkce,
    ...given("issuer", at.at("issuer").string()),
    callback: {
      code: at.at("callback").at("code").string() ?? "code",
      state: at.at("callback").at("state").string() ?? "state",
      extract: callbackExtracts(at),
    },
    exchange,
    after,
  };
}

function callbackExtracts(oauth: Cursor): { readonly name: string; readonly parameter: string }[] {
  return oauth
    .at("callback")
    .at("extract")
    .entries()
    .flatMap(([name, value]) => {
      const parameter = value.string();
      return parameter === undefined ? [] : [{ name, parameter }];
    });
}

function callbackNames(oauth: Cursor): string[] {
  return callbackExtracts(oauth).map(({ name }) => name);
}

/** What `{oauth.name}` may say once a token is there; what an author named is meant by its bare name, too. */
export function oauthNames(profile: DeclaredProfile): string[] {
  const oauth = profile.at.at("oauth");
  return [...new Set([...received(oauth), ...afterNames(oauth)])];
}

/** Of the token answer and the redirect. */
function received(oauth: Cursor): string[] {
  const extracted = oauth
    .at("extract")
    .entries()
    .map(([name]) => name);
  return [...extracted, ...callbackNames(oauth)];
}
