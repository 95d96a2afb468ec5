/** Credentials that calls give: the steps of a chain, the token call of a grant. */
import { type ProfilePlan, requiredField, type StepPlan } from "../../schema/standalone-plan.ts";
import { givenLifeMs } from "../credentials/life.ts";
import { type Credentials, credentialsOf, givenToken, type Holder } from "./credentials.ts";
import { failure } from "./errors.ts";
import { planHas } from "./plan-has.ts";
import { isRefusal, runStep, type StepSite } from "./step-run.ts";
import { render } from "./template.ts";
import type { Entry, Manner } from "./tokens.ts";

/** How long a new token that was refused keeps others from being asked for. */
const rejectedMs = 30_000;

/** Credentials that steps make: each cached by itself, renewed ahead of its end, one refresh for all callers. */
export function stepHolder(site: StepSite): Holder {
  const { world, profile, plan, source, tenant } = site;
  const { steps = [], token = [0, ""] } = profile;
  const { clock, tokens } = world;
  let held: Credentials | undefined;
  /** What it was made of. */
  let made: readonly Entry[] = [];
  let walking: Promise<Credentials> | undefined;
  let seen: Credentials | undefined;
  let nextAhead = 0;
  /** What was refused though it was new, and until when that stands. */
  let rejected: Credentials | undefined;
  let rejectedUntil = 0;
  /** The fields of credentials that were rejected. */
  let refusedFields: Credentials["fields"] | undefined;
  let refusedToken: unknown;

  const assemble = (fields: Credentials["fields"], entries: readonly Entry[]): Credentials => {
    const values = new Map<string, unknown>();
    let renewAt = Infinity;
    let until = Infinity;
    for (const [at, entry] of entries.entries()) {
      const step = steps[at];
      for (const [name, value] of entry.values) {
        values.set(`x:${step?.name}\n${name}`, value);
        if (planHas.oauthValues) values.set(`o:${name}`, value);
      }
      // Others serve the steps after them, and may end before those.
      if (planHas.manySteps && at < steps.length - 1 && at !== token[0] && !step?.sent) continue;
      renewAt = Math.min(renewAt, entry.renewAt);
      until = Math.min(until, entry.until);
    }
    const name = `x:${steps[token[0]]?.name}\n${token[1]}`;
    values.set("t:", values.get(name) ?? (planHas.oauthValues ? values.get(`o:${token[1]}`) : undefined));
    return credentialsOf(profile, fields, values, renewAt, until);
  };

  /** All that flows into a step: equal inputs share what it gave, different ones never do. */
  const keyOf = (step: StepPlan, before: Credentials): string => {
    const scope = site.scope(before, 0);
    const inputs = step.inputs.map((key) => scope.get(key) ?? null);
    const { slug, hash } = plan;
    const key = [tenant, slug, hash, profile.id, step.name, inputs];
    return JSON.stringify(planHas.cache ? [...key, step.cache && render(step.cache, scope)] : key);
  };

  /** Walks the steps in order. A step that is refused with a cached input has the giver repeated, once. */
  const walk = async (fields: Credentials["fields"], manner: Manner): Promise<Credentials> => {
    const given = planHas.ownTokens ? givenIn(site, fields, refusedToken) : undefined;
    const began = planHas.from ? clock.now() : 0;
    const entries: Entry[] = [];
    const repeated = new Set<number>();
    for (let at = 0; !given && at < steps.length; ) {
      const step = steps[at] as StepPlan;
      const before = assemble(fields, entries);
      seen = before;
      const get = (how: Manner): Promise<Entry> =>
        tokens.get(keyOf(step, before), () => runStep(site, step, before), how);
      if (planHas.from)
        try {
          entries[at] = await get(repeated.has(at) ? "insist" : manner);
        } catch (thrown) {
          const giver = isRefusal(thrown)
            ? step.from?.find((one) => (entries[one]?.obtainedAt ?? began) < began)
            : undefined;
          if (giver === undefined || repeated.has(giver)) throw thrown;
          repeated.add(giver).add(at);
          forget(giver, fields, entries);
          entries.length = giver;
          at = giver - 1;
        }
      else entries[at] = await get(manner);
      at++;
    }
    made = entries;
    held = given ?? assemble(fields, entries);
    seen = held;
    return held;
  };

  const forget = (at: number, fields: Credentials["fields"], entries: readonly Entry[]): void => {
    tokens.drop(keyOf(steps[at] as StepPlan, assemble(fields, entries.slice(0, at))), entries[at] as Entry);
  };

  const resolve = async (manner: Manner): Promise<Credentials> => {
    const refused = refusedFields;
    refusedFields = undefined;
    const fields = (refused && (await source.replace(refused))) || (await source.current());
    try {
      return await walk(fields, manner);
    } catch (thrown) {
      // What the user's function gave before was refused at the source: it may have something newer.
      const replaced = isRefusal(thrown) ? await source.replace(fields) : undefined;
      if (!replaced) throw thrown;
      return walk(replaced, "insist");
    }
  };

  const start = (manner?: Manner): Promise<Credentials> => {
    walking ??= resolve(manner).finally(() => {
      walking = undefined;
    });
    return walking;
  };

  return {
    current: () => {
      const now = clock.now();
      if (!held || now >= held.until) return start();
      // The old value serves while the new one is fetched behind.
      if (now >= held.renewAt && now >= nextAhead && !walking)
        start("ahead").catch(() => {
          nextAhead = clock.now() + 1000;
        });
      return held;
    },
    peek: () => seen,
    renew: async (refused) => {
      const { made: name, fields, values } = refused;
      // What runs already may be content with the very values that were refused.
      if (!held || held.made === name) await walking?.catch(() => {});
      const now = clock.now();
      if (held && held.made !== name && now < held.until) return held;
      // Another token was no better: tokens are not what is wrong, and none is asked for in a while.
      if (rejected?.made === name && now < rejectedUntil) {
        if (!(await source.replace(fields))) return undefined;
        // Somebody has dropped them before.
      } else if (held?.made !== name) return start();
      else if (planHas.ownTokens && made.length === 0) {
        if (missingFor(profile, fields).length > 0) {
          if (!(await source.replace(fields))) return undefined;
        } else refusedToken = values.get("t:");
      } else forget(planHas.oauthValues && token[0] < 0 ? made.length - 1 : token[0], fields, made);
      held = undefined;
      return start("insist");
    },
    rejected: (refused) => {
      refusedFields = refused.fields;
      rejected = refused;
      rejectedUntil = clock.now() + rejectedMs;
    },
  };
}

/** The token that the user gave, until it ends or is refused; then the steps give others, where they can. */
function givenIn(
  { profile, world: { clock } }: StepSite,
  fields: Credentials["fields"],
  refusedToken: unknown,
): Credentials | undefined {
  const read = new Set((profile.steps ?? []).flatMap(({ inputs }) => inputs));
  const given = givenToken(profile, new Map([...fields].filter(([key]) => !read.has(`c:${key}`))));
  if (given === undefined) return undefined;
  const life = givenLifeMs(fields.get("expires_at"), clock.wall()) ?? Infinity;
  const until = clock.now() + life;
  if (life > 0 && given !== refusedToken)
    return credentialsOf(profile, fields, [["t:", given]], until, until);
  const missing = missingFor(profile, fields);
  if (missing.length === 0) return undefined;
  throw failure(
    "missing_credential",
    `The \`access_token\` of profile "${profile.id}" has ended. Give a new one, or ${missing.join(" and ")}.`,
    { details: { profile: profile.id, fields: missing, refused: true } },
  );
}

function missingFor({ fields: needed }: ProfilePlan, fields: Credentials["fields"]): string[] {
  return needed.flatMap(({ key, bits = 0 }) => (bits & requiredField && !fields.has(key) ? [key] : []));
}
