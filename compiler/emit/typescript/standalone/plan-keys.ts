import { originFault } from "../../../../schema/language/origin-fault.ts";
import {
  nullField,
  type Plan,
  type PlanTrait,
  type ProfilePlan,
  type StepPlan,
  secretHole,
  type Text,
} from "../../../../schema/standalone-plan.ts";
import type { Needs } from "./features.ts";

/** What `planHas` of the core is asked for: the keys that a plan has at any depth, and what else its values tell. */
export function planKeys(plan: Plan, needs: Needs): ReadonlySet<string> {
  const keys = new Set<string>();
  collect(plan, keys);
  const {
    bodySlots,
    buckets,
    functions,
    clocked,
    lives,
    elsewhere,
    manyPaths,
    requestParts,
    signers,
    styles,
    pagination,
    styledSegments,
    bodies,
    types,
  } = needs;
  const profiles = plan.profiles ?? [];
  const fields = profiles.flatMap((profile) => profile.fields);
  const exchanges = [...plan.operations, ...profiles.flatMap(stepsOf)];
  const placements = plan.operations.flatMap(({ auth = [] }) => auth.map(([, placement]) => placement));
  const planText = JSON.stringify(plan);
  const pagesText = JSON.stringify(plan.operations.map(({ pages }) => pages));
  const traits: Readonly<Record<PlanTrait, boolean>> = {
    addedHeaders: pagesText.includes('["header",') || keys.has("guard"),
    bare: planText.includes(',"bare"]'),
    bodyLists: planText.includes('["list",'),
    bodyTexts: planText.includes('["text",'),
    brings: keys.has("refresh") || keys.has("assertion"),
    buckets,
    calls: functions.size > 0,
    clocked: clocked || lives.has("expires_at") || lives.has("jwt_exp"),
    constants: plan.operations.some(({ query = [], headers = [], cookies = [] }) =>
      [...query, ...headers, ...cookies].some(
        ([, value, style]) => style === undefined && !JSON.stringify(value).includes('["p:'),
      ),
    ),
    countedPages: pagination.has("page") || pagination.has("offset"),
    counted: keys.has("concurrent") || keys.has("remaining"),
    elsewhere,
    fieldProfiles: profiles.some(({ steps, refresh, jwt }) => !(steps || refresh || jwt)),
    files: needs.files,
    flags: styles.has("flag"),
    bodySlots,
    headerSlots: pagesText.includes('["header",'),
    forms: bodies.has("form") || bodies.has("multipart"),
    judged:
      elsewhere ||
      exchanges.some(
        ({ origin }) => typeof origin !== "string" || originFault(origin, () => false) !== undefined,
      ),
    keyFiles: fields.some(({ type }) => type === "json"),
    manyPaths,
    manyOrigins: new Set(plan.operations.map(({ origin }) => JSON.stringify(origin))).size > 1,
    manyFields: profiles.some((profile) => profile.fields.length > 1),
    manyProfiles: profiles.length > 1,
    nulls: plan.operations.some(({ parameters = [] }) => parameters.some(({ bits = 0 }) => bits & nullField)),
    manySteps: profiles.some(({ steps = [] }) => steps.length > 1),
    oauthValues:
      keys.has("grant") ||
      planText.includes('"o:') ||
      profiles.some(({ steps = [], token }) => token !== undefined && !steps[token[0]]),
    openValues: /"name":"(?:token_type|scope|expires_in|expires_at)"/.test(planText),
    ownQuery:
      placements.some(({ query, late }) => query !== undefined || late !== undefined) ||
      exchanges.some(({ query = [] }) => query.some(([, value]) => holdsSecret(value))),
    parsedSteps: profiles.flatMap(stepsOf).some(({ type }) => type === "xml" || type === "form"),
    permanent: keys.has("grant") || keys.has("refresh"),
    queryInPath: exchanges.some(({ path }) => JSON.stringify(path).includes("?")),
    querySlots: pagesText.includes('["query",'),
    requestParts,
    sized: keys.has("size") || keys.has("sizeSlot"),
    stops: keys.has("stop") || keys.has("more"),
    structures: functions.size > 0 || ["array", "object", "json"].some((type) => types.has(type)),
    said: exchanges.some(({ message, code }) => message !== undefined || code !== undefined),
    serverPages: pagination.has("cursor") || pagination.has("link_header"),
    nextUrls: pagination.has("link_header") || keys.has("source"),
    ownTokens: keys.has("tokens") || keys.has("bearer") || fields.some(({ key }) => key === "access_token"),
    styledSegments,
    textBodies: bodies.has("text"),
    timed: functions.size > 0 || signers.size > 0 || keys.has("jwt") || keys.has("assertion"),
    xmlBodies: bodies.has("xml"),
  };
  for (const [trait, isTrue] of Object.entries(traits)) if (isTrue) keys.add(trait);
  return keys;
}

function holdsSecret(text: Text): boolean {
  return (
    typeof text !== "string" && text.some((part) => typeof part !== "string" && (part[2] & secretHole) > 0)
  );
}

function stepsOf({ steps = [], refresh, after = [] }: ProfilePlan): readonly StepPlan[] {
  return [...steps, ...(refresh ? [refresh] : []), ...after];
}

/** Keys of an author's own bodies count, too: that errs on the safe side. */
function collect(node: unknown, keys: Set<string>): void {
  if (typeof node !== "object" || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (!Array.isArray(node)) keys.add(key);
    collect(value, keys);
  }
}
