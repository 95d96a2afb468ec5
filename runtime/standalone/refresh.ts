/** Credentials of a consent that was given elsewhere: an access token, renewed by its refresh token. */
import { givenLifeMs, marginMs } from "../credentials/life.ts";
import { type Credentials, credentialsOf, type Holder } from "./credentials.ts";
import { amended, ConnectorError, failure } from "./errors.ts";
import { runStep, type StepSite } from "./step-run.ts";
import { isPermanent, type Obtained } from "./tokens.ts";

/** What a refresh token has been exchanged for. A new one that a server gives lives as long as the client does. */
export function refreshHolder(site: StepSite): Holder {
  const { world, profile, plan, source, tenant } = site;
  const { clock, tokens } = world;
  const { refresh, after = [], keep } = profile;
  let held: Credentials | undefined;
  let seen: Credentials | undefined;
  let walking: Promise<Credentials> | undefined;
  let rejected: { readonly token: unknown; readonly until: number } | undefined;
  let next: { readonly fields: Credentials["fields"]; readonly refreshToken: unknown } | undefined;
  let kept: readonly (readonly [string, unknown])[] = [];

  const madeOf = (
    fields: Credentials["fields"],
    values: ReadonlyMap<string, unknown>,
    lifeMs: number = Infinity,
  ): Credentials => {
    const pairs = [...values].flatMap(([name, value]) => [
      [`o:${name}`, value] as const,
      [`x:token\n${name}`, value] as const,
    ]);
    const until = clock.now() + lifeMs;
    const renewAt = lifeMs === Infinity ? until : until - marginMs(lifeMs);
    return credentialsOf(profile, fields, [...pairs, ["t:", values.get("access_token")]], renewAt, until);
  };

  const spend = async (fields: Credentials["fields"], refreshToken: unknown): Promise<Obtained> => {
    const base = held ?? madeOf(fields, new Map(kept));
    const first = await runStep(site, refresh as never, base, new Map([["g:refresh_token", refreshToken]]));
    next = { fields, refreshToken: first.values.get("refresh_token") ?? (keep ? refreshToken : undefined) };
    let { values, lifeMs } = first;
    // The calls under a new token: what they give joins the rest, a new token with its own life.
    for (const step of after) {
      const given = await runStep(site, step, madeOf(fields, new Map([...kept, ...values])));
      values = new Map([...values, ...given.values]);
      if (given.values.has("access_token")) lifeMs = given.lifeMs;
    }
    return { values, lifeMs };
  };

  const renewed = async (outdated: Credentials | undefined): Promise<Credentials> => {
    const fields = await source.current();
    seen ??= madeOf(fields, new Map());
    const token = fields.get("access_token");
    const life = givenLifeMs(fields.get("expires_at"), clock.wall()) ?? Infinity;
    if (!held && token !== undefined && life > 0 && token !== outdated?.values.get("t:"))
      return madeOf(fields, new Map([["access_token", token]]), life);
    const refreshToken = next?.fields === fields ? next.refreshToken : fields.get("refresh_token");
    if (refreshToken === undefined)
      throw ended(`The token of profile "${profile.id}" has ended, and there is no refresh token.`);
    try {
      // Callers and connections that hold the same refresh token spend it once.
      const key = JSON.stringify([
        "refresh",
        tenant,
        plan.slug,
        plan.hash,
        profile.id,
        [...fields],
        refreshToken,
      ]);
      const { values, until } = await tokens.get(key, () => spend(fields, refreshToken));
      kept = [
        ...new Map([
          ...kept.filter(([name]) => !/^(?:access_token|expires_in|expires_at)$/.test(name)),
          ...values,
        ]),
      ];
      return madeOf(fields, new Map(kept), until - clock.now());
    } catch (thrown) {
      if (!ConnectorError.is(thrown) || !isPermanent(thrown)) throw thrown;
      throw amended(ended(`The server refused the refresh token (${String(thrown.details?.server_code)}).`), {
        status: thrown.status,
        details: thrown.details,
      });
    }
  };

  const start = (outdated: Credentials | undefined): Promise<Credentials> => {
    walking ??= renewed(outdated)
      .catch(async (thrown) => {
        // What the user's function gave before has ended: it may have something newer.
        const isEnded = ConnectorError.is(thrown) && thrown.code === "reauthorization_required";
        if (!isEnded || !(await source.replace(await source.current()))) throw thrown;
        held = undefined;
        return renewed(outdated);
      })
      .then((credentials) => {
        held = credentials;
        seen = credentials;
        return credentials;
      })
      .finally(() => {
        walking = undefined;
      });
    return walking;
  };

  return {
    current: () => {
      const now = clock.now();
      if (!held || now >= held.until) return start(held);
      if (now >= held.renewAt && !walking) start(held).catch(() => {});
      return held;
    },
    peek: () => seen,
    renew: async (refused) => {
      const token = refused.values.get("t:");
      if (held && held.values.get("t:") !== token && clock.now() < held.until) return held;
      if (rejected && rejected.token === token && clock.now() < rejected.until) return undefined;
      return start(refused);
    },
    rejected: ({ values }) => {
      rejected = { token: values.get("t:"), until: clock.now() + 30_000 };
    },
  };
}

function ended(message: string): ConnectorError {
  return failure("reauthorization_required", `${message} Sign in again, or give a new token.`);
}
