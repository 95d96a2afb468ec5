import type { Plan, PlanTrait } from "../../../../schema/standalone-plan.ts";
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
    styles,
    pagination,
    styledSegments,
    bodies,
  } = needs;
  const fields = (plan.profiles ?? []).flatMap((profile) => profile.fields.map(({ key }) => key));
  const traits: Readonly<Record<PlanTrait, boolean>> = {
    buckets,
    calls: functions.size > 0,
    clocked: clocked || lives.has("expires_at") || lives.has("jwt_exp"),
    elsewhere,
    flags: styles.has("flag"),
    bodySlots,
    headerSlots: JSON.stringify(plan.operations.map(({ pages }) => pages)).includes('["header",'),
    serverPages: pagination.has("cursor") || pagination.has("link_header"),
    nextUrls: pagination.has("link_header") || keys.has("source"),
    ownTokens: keys.has("tokens") || keys.has("bearer") || fields.includes("access_token"),
    styledSegments,
    textBodies: bodies.has("text"),
    xmlBodies: bodies.has("xml"),
  };
  for (const [trait, isTrue] of Object.entries(traits)) if (isTrue) keys.add(trait);
  return keys;
}

/** Keys of an author's own bodies count, too: that errs on the safe side. */
function collect(node: unknown, keys: Set<string>): void {
  if (typeof node !== "object" || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (!Array.isArray(node)) keys.add(key);
    collect(value, keys);
  }
}
