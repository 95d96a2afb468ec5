/** Rate limits: calls wait longer or shorter, none fails for it. */
import type { Limit } from "../../../schema/ir.ts";
import { type DiffRules, Spot } from "../change.ts";
import type { Area } from "../comparison.ts";
import { compareFields, isReordered, matchLists } from "../fields.ts";
import { shown } from "../words.ts";

export const limitRules: DiffRules = {
  "diff/limit-lowered": { level: "minor", summary: "A rate limit admits less: calls wait longer." },
  "diff/limit-raised": { level: "patch", summary: "A rate limit admits more: calls wait less." },
  "diff/limit-added": { level: "minor", summary: "A rate limit is new." },
  "diff/limit-removed": { level: "minor", summary: "A rate limit is gone." },
  "diff/limit-changed": {
    level: "minor",
    summary: "A rate limit counts otherwise: pacing, response headers, what it includes, who shares it.",
  },
  "diff/limit-text-changed": { level: "patch", summary: "The note or the order of rate limits changed." },
};

/** What tells limits apart; the interval too, as one scope may have several. */
export function limitKey({ name, scope, interval_seconds }: Limit): string {
  return `${name ?? ""} ${scope} ${interval_seconds}`;
}

export const compareLimits: Area = (comparison) => {
  const { old, new: now } = comparison;
  const root = new Spot(["rate_limits"], ["rate_limits"]);
  const say = (limit: Limit): ReturnType<typeof comparison.reporter> =>
    comparison.reporter({ kind: "limit", id: limit.name ?? limit.scope });
  const matched = matchLists(old.limits, now.limits, limitKey, ({ name, scope }) => `${name ?? ""} ${scope}`);
  for (const { item, from } of matched.removed)
    say(item)("diff/limit-removed", new Spot([...root.old, from], root.new), `${titled(item)} is gone.`);
  for (const { item, to } of matched.added)
    say(item)("diff/limit-added", new Spot(root.old, [...root.new, to]), `${titled(item)} is new.`);
  for (const pair of matched.both)
    compareLimit(pair.old, pair.new, root.at(pair.from, pair.to), say(pair.new));
  if (isReordered(matched))
    comparison.reporter({ kind: "connector", id: now.slug })(
      "diff/limit-text-changed",
      root,
      "The rate limits stand in another order.",
      "key",
    );
};

function compareLimit(
  old: Limit,
  now: Limit,
  spot: Spot,
  report: ReturnType<Parameters<Area>[0]["reporter"]>,
): void {
  const step = (rule: "lowered" | "raised" | "changed", key: string, before: unknown, after: unknown): void =>
    report(`diff/limit-${rule}`, spot.at(key), `\`${key}\` changed from ${text(before)} to ${text(after)}.`);
  /** More of it admits more. */
  const more =
    (key: string) =>
    (before: number | undefined, after: number | undefined): void =>
      step((after ?? Infinity) < (before ?? Infinity) ? "lowered" : "raised", key, before, after);
  const other =
    (key: string) =>
    (before: unknown, after: unknown): void =>
      step("changed", key, before, after);
  compareFields(old, now, {
    // Both are what the limits were matched by.
    name: "elsewhere",
    scope: "elsewhere",
    limit: more("limit"),
    burst: more("burst"),
    max_concurrent: more("max_concurrent"),
    interval_seconds: (before = 0, after = 0) =>
      step(after > before ? "lowered" : "raised", "interval_seconds", before, after),
    smooth: other("pacing"),
    includes_auth: other("includes"),
    shared: other("shared"),
    response_headers: other("response_headers"),
    on_state_loss: other("on_state_loss"),
    note: () => report("diff/limit-text-changed", spot.at("note"), "The note changed."),
  });
}

function titled({ limit, interval_seconds }: Limit): string {
  return `The limit of ${limit} in ${interval_seconds} s`;
}

function text(value: unknown): string {
  return typeof value === "number" || typeof value === "string" || typeof value === "boolean"
    ? shown(value)
    : value === undefined
      ? "nothing"
      : "another value";
}
