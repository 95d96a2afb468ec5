import type { OAuth2Source, Profile, Step } from "../../schema/ir.ts";
import { stepRuns } from "../call/step-run.ts";
import { consentedFields } from "../credentials/consented-fields.ts";
import type { FieldSource } from "../credentials/field-source.ts";
import { followUp } from "../credentials/follow-up.ts";
import { GrantHolder } from "../credentials/grant-holder.ts";
import { approvedOrigins, clientDigest, grantKey } from "../credentials/grant-key.ts";
import { type Granted, spendMs } from "../credentials/grant-store.ts";
import { type CredentialHolder, fieldHolder } from "../credentials/holder.ts";
import { jwtHolder } from "../credentials/jwt-holder.ts";
import { StepHolder } from "../credentials/step-holder.ts";
import { symbolsIn } from "../credentials/step-key.ts";
import type { Obtained } from "../credentials/step-store.ts";
import { namedOrigins } from "../destinations.ts";
import { LateMoment } from "../request/moment.ts";
import type { Scope } from "../request/scope.ts";
import { conceal, reveal } from "../secrets/secret.ts";
import { type ConnectionContext, scopeOf } from "./connection-context.ts";

/** How the credentials of one profile come to be, for one connection. */
export function createHolder(
  context: ConnectionContext,
  profile: Profile,
  source: FieldSource,
): CredentialHolder {
  const from = profile.source;
  switch (from.kind) {
    case "fields":
      return profile.login ? loginHolder(context, profile, source) : fieldHolder(profile, source);
    case "chain":
      return stepHolder(context, profile, source, from.steps, from.token);
    case "oauth2":
      return from.grant === "authorization_code" && from.refresh
        ? grantHolder(context, profile, source, from, from.refresh)
        : stepHolder(context, profile, source, from.steps, from.token);
    case "jwt":
      return jwtHolder({
        recipe: from.recipe,
        source,
        clock: context.core.clock,
        scope: (credentials) => serverScope(context, profile, scopeOf(context, credentials)),
      });
  }
}

/** A token that is signed here is judged by the clock of the servers that it goes to. */
function serverScope({ core: { clocks } }: ConnectionContext, profile: Profile, scope: Scope): Scope {
  if (!clocks.known) return scope;
  const offsets = namedOrigins(profile.origins, scope).map((origin) => clocks.offset(origin));
  const aheadMs = offsets.find((offset) => offset !== 0) ?? 0;
  return aheadMs === 0 ? scope : { ...scope, time: new LateMoment(scope.time, aheadMs) };
}

/** Fields that a login completes: OAuth 1's token and its secret, unless they are given. */
function loginHolder(context: ConnectionContext, profile: Profile, source: FieldSource): CredentialHolder {
  return consentedFields({
    profile,
    source,
    load: (fields) => context.core.grants.load(grantKey(context, profile, fields)),
    watch: (fields) => context.core.grants.watch(grantKey(context, profile, fields)),
    origins: (fields) => approvedOrigins(context, profile, fields),
  });
}

/** A consent's credentials: its refresh token is spent by the profile's refresh call. */
function grantHolder(
  context: ConnectionContext,
  profile: Profile,
  source: FieldSource,
  from: OAuth2Source,
  refresh: Step,
): CredentialHolder {
  const runs = stepRuns(context, profile);
  return new GrantHolder({
    core: context.core,
    profile,
    source,
    keepRefreshToken: from.keep_refresh_token,
    key: (fields) => grantKey(context, profile, fields),
    client: (fields) => clientDigest(context, profile, fields),
    origins: (fields) => approvedOrigins(context, profile, fields),
    spend: async (held, refreshToken, beforeSend) => {
      const first = await runs(refresh, held, {
        grant: new Map([["refresh_token", conceal(refreshToken)]]),
        limitMs: spendMs,
        beforeSend,
      });
      if (!from.after_refresh) return grantedBy(first);
      try {
        return grantedBy(await followUp(from.after_refresh, held, first, runs));
      } catch (failed) {
        // The new refresh token is kept whatever becomes of the calls under it.
        return { ...grantedBy(first), lifeMs: 0, failed };
      }
    },
  });
}

function grantedBy({ values, lifeMs }: Obtained): Granted {
  const renewed = reveal(values.get("refresh_token"));
  return {
    values: new Map([...values].filter(([name]) => name !== "refresh_token")),
    refreshToken: typeof renewed === "string" && renewed !== "" ? renewed : undefined,
    lifeMs,
  };
}

function stepHolder(
  context: ConnectionContext,
  profile: Profile,
  source: FieldSource,
  steps: readonly Step[],
  token: { readonly step: string; readonly name: string },
): CredentialHolder {
  const runs = stepRuns(context, profile);
  return new StepHolder({
    core: context.core,
    profile,
    steps,
    token,
    isSent: sentSteps(context, steps),
    source,
    owner: { tenant: context.identity.tenant, slug: context.ir.slug },
    scope: (credentials) => scopeOf(context, credentials),
    run: (step, credentials) => runs(step, credentials),
  });
}

/** Which steps give what requests send by name, beside the token. */
function sentSteps({ ir }: ConnectionContext, steps: readonly Step[]): (step: Step) => boolean {
  if (steps.length < 2) return () => true;
  const sending = ir.profiles.map(({ placement, test, signer }) => [placement, test, signer]);
  const named = symbolsIn([ir.operations, sending]);
  const sent = new Set(named.flatMap((symbol) => (symbol.kind === "extract" ? [symbol.step] : [])));
  // Of a grant the names of values are meant, whichever call gave them.
  const values = new Set(named.flatMap((symbol) => (symbol.kind === "oauth" ? [symbol.name] : [])));
  return ({ name, extract }) => sent.has(name) || extract.some((one) => values.has(one.name));
}
