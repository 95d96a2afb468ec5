/** Operations: what callers can call, and what they are told about it. */
import type { Operation } from "../../../schema/ir.ts";
import { list } from "../../../schema/language/spelling.ts";
import { canonical, difference, same } from "../canonical.ts";
import { type DiffRules, type Report, Spot } from "../change.ts";
import { type Area, type Comparison, orSaySo } from "../comparison.ts";
import { compareFields, isReordered, matchLists } from "../fields.ts";
import { contentOf, originText, shown, templateText } from "../words.ts";
import { compareAnswer, withDefaults } from "./answers.ts";
import { limitKey } from "./limits.ts";
import { compareExtensions } from "./metadata.ts";
import { compareParameters } from "./parameters.ts";
import { comparePlacement } from "./placements.ts";
import { compareRequest } from "./requests.ts";

export const operationRules: DiffRules = {
  "diff/operation-removed": {
    level: "major",
    summary: "An operation is gone, and was not deprecated before.",
  },
  "diff/operation-removed-deprecated": { level: "major", summary: "A deprecated operation is gone." },
  "diff/operation-renamed": {
    level: "major",
    summary: "An operation has another id; it makes the call that it made.",
  },
  "diff/operation-added": { level: "minor", summary: "An operation is new." },
  "diff/operation-deprecated": { level: "minor", summary: "An operation is deprecated now." },
  "diff/operation-restored": { level: "patch", summary: "An operation is deprecated no longer." },
  "diff/operation-text-changed": {
    level: "patch",
    summary:
      "Summary, description, tags, examples or another text of an operation changed, or the order of operations.",
  },
  "diff/operation-capability-changed": {
    level: "minor",
    summary: "An operation belongs to another capability.",
  },
  "diff/operation-became-unsafe": {
    level: "major",
    security: true,
    summary:
      "An operation is said to have side effects or to destroy something: rules that let it pass must be looked at.",
  },
  "diff/operation-became-safe": {
    level: "minor",
    security: true,
    summary:
      "An operation is no longer said to have side effects or to destroy something: guards no longer stop it.",
  },
  "diff/operation-repeating-changed": {
    level: "minor",
    summary:
      "An operation is repeated where it was not, or the other way round: retries, idempotency, its key.",
  },
  "diff/operation-tool-changed": {
    level: "major",
    security: true,
    summary: "An operation calls another tool of the MCP server.",
  },
  "diff/operation-tool-reviewed": {
    level: "minor",
    security: true,
    summary: "The tool that an operation calls has other texts or schemas, which somebody must have read.",
  },
  "diff/operation-timeout-lowered": { level: "minor", summary: "A call is given up earlier." },
  "diff/operation-timeout-raised": { level: "patch", summary: "A call is given up later." },
  "diff/operation-limits-changed": {
    level: "minor",
    summary: "An operation counts against other limits, or costs more or less.",
  },
  "diff/operation-auth-removed": { level: "major", summary: "An operation no longer takes a profile." },
  "diff/operation-auth-added": { level: "minor", summary: "An operation takes another profile besides." },
  "diff/operation-auth-reordered": {
    level: "minor",
    summary: "An operation prefers another profile where several are given.",
  },
};

export const compareOperations: Area = (comparison) => {
  const root = new Spot(["operations"], ["operations"]);
  const matched = matchLists(comparison.old.operations, comparison.new.operations, ({ id }) => id, callKey);
  for (const { item, from } of matched.removed) {
    const report = comparison.reporter({ kind: "operation", id: item.id });
    report(
      item.deprecated ? "diff/operation-removed-deprecated" : "diff/operation-removed",
      new Spot([...root.old, from], root.new),
      item.deprecated
        ? "The operation, which was deprecated, is gone."
        : "The operation is gone, and was never deprecated.",
    );
  }
  for (const { item, to } of matched.added)
    comparison.reporter({ kind: "operation", id: item.id })(
      "diff/operation-added",
      new Spot(root.old, [...root.new, to]),
      "The operation is new.",
    );
  for (const pair of matched.both) {
    const report = comparison.reporter({ kind: "operation", id: pair.new.id });
    const spot = root.at(pair.from, pair.to);
    orSaySo(
      comparison,
      report,
      spot,
      { old: ownParts(pair.old, comparison.renamedProfiles), new: ownParts(pair.new) },
      () => compareOperation(comparison, pair, spot, report),
    );
  }
  if (isReordered(matched))
    comparison.reporter({ kind: "connector", id: comparison.new.slug })(
      "diff/operation-text-changed",
      root,
      "The operations stand in another order.",
      "key",
    );
};

/** The call that an operation makes: one of the same call under another id is the same operation. */
function callKey({ exchange: { method, url, query, body } }: Operation): string {
  const entries = query.flatMap((entry) =>
    entry.kind === "template" ? [`${entry.name}=${templateText(entry.value)}`] : [],
  );
  // Operations of one endpoint, as of GraphQL, are told apart by their bodies.
  return canonical([method, originText(url.origin), templateText(url.path), entries, body?.root ?? null]);
}

/** Without what is compared elsewhere, and so is no news here: indexes of limits, new ids of profiles. */
function ownParts(operation: Operation, renamed?: ReadonlyMap<string, string>): unknown {
  const auth = operation.auth.map((one) => ({ ...one, profile: renamed?.get(one.profile) ?? one.profile }));
  return { ...operation, auth, limits: [] };
}

function limitNames({ limits }: Operation, all: Comparison["old"]["limits"]): readonly string[] {
  return limits.flatMap((index) => (all[index] ? [limitKey(all[index])] : []));
}

function compareOperation(
  comparison: Comparison,
  pair: { readonly old: Operation; readonly new: Operation },
  spot: Spot,
  report: Report,
): void {
  const { old, new: now } = pair;
  const text = (key: keyof Operation): (() => void) => {
    return () => report("diff/operation-text-changed", spot.at(key), `\`${key}\` changed.`);
  };
  compareFields(old, now, {
    id: (before) =>
      report(
        "diff/operation-renamed",
        spot.at("operation_id"),
        `The operation \`${before}\` is called \`${now.id}\` now.`,
      ),
    summary: text("summary"),
    description: text("description"),
    tags: text("tags"),
    examples: text("examples"),
    mock: text("mock"),
    added_in_version: text("added_in_version"),
    deprecated_message: text("deprecated_message"),
    capability: (before, after) =>
      report(
        "diff/operation-capability-changed",
        spot.at("capability"),
        `The capability changed from ${shown(before)} to ${shown(after)}.`,
      ),
    deprecated: (_, after) =>
      report(
        after ? "diff/operation-deprecated" : "diff/operation-restored",
        spot.at("deprecated"),
        after ? "The operation is deprecated." : "The operation is deprecated no longer.",
      ),
    extensions: (before, after) => compareExtensions(before, after, spot, report),
    side_effecting: (_, after) =>
      compareSafety(after === true, "to have side effects", spot.at("side_effecting"), report),
    destructive: (_, after) =>
      compareSafety(after === true, "to destroy something", spot.at("destructive"), report),
    idempotent: (_, after) =>
      report(
        "diff/operation-repeating-changed",
        spot.at("side_effecting").or(spot.at("method")),
        after ? "A failed call may be sent again now." : "A failed call may not be sent again any more.",
      ),
    idempotency_header: (before, after) =>
      report(
        "diff/operation-repeating-changed",
        spot.at("idempotency").at("header"),
        `The idempotency key is sent as ${shown(after)} instead of ${shown(before)}.`,
      ),
    retry: (before, after) => {
      const keys = (["max_attempts", "on_status", "initial_ms", "max_ms"] as const).filter(
        (key) => !same(contentOf({ [key]: before?.[key] }), contentOf({ [key]: after?.[key] })),
      );
      for (const key of keys)
        report(
          "diff/operation-repeating-changed",
          withDefaults(spot, "retry").at(key),
          `\`retry.${key}\` changed.`,
        );
    },
    timeout_ms: (before, after) =>
      report(
        (after ?? Infinity) < (before ?? Infinity)
          ? "diff/operation-timeout-lowered"
          : "diff/operation-timeout-raised",
        withDefaults(spot, "timeout_ms"),
        `The deadline changed from ${shown(before)} to ${shown(after)} milliseconds.`,
      ),
    cost: (before, after) =>
      report("diff/operation-limits-changed", spot.at("cost"), `A call costs ${after} instead of ${before}.`),
    tool: (before, after) => {
      if (before?.name !== after?.name)
        report(
          "diff/operation-tool-changed",
          spot.at("tool").at("name"),
          `The operation calls the tool ${shown(after?.name)} instead of ${shown(before?.name)}.`,
        );
      else
        report(
          "diff/operation-tool-reviewed",
          spot.at("tool").at("hash"),
          "The tool's texts or schemas are not those of before.",
        );
    },
    // By name, below: an index means nothing.
    limits: "elsewhere",
    auth: "elsewhere",
    parameters: "elsewhere",
    exchange: "elsewhere",
    pagination: "elsewhere",
    errors: "elsewhere",
  });
  const counted = difference(limitNames(old, comparison.old.limits), limitNames(now, comparison.new.limits));
  const known = new Set([...comparison.old.limits, ...comparison.new.limits].map(limitKey));
  // A limit that itself came or went is told once, not for each operation.
  const shifted = [...counted.removed, ...counted.added].filter(
    (key) => known.has(key) && isIn(key, comparison.old.limits) && isIn(key, comparison.new.limits),
  );
  if (shifted.length > 0)
    report(
      "diff/operation-limits-changed",
      spot.at("rate_limit_scope"),
      "The operation counts against other limits.",
    );
  // These compare even what reads the same: a schema that they refer to may have changed.
  compareParameters(comparison, pair, spot.at("parameters"), report);
  compareRequest(old, now, spot, report);
  compareAuth(comparison, old, now, spot, report);
  compareAnswer(comparison, pair, spot, report);
}

function isIn(key: string, limits: Comparison["old"]["limits"]): boolean {
  return limits.some((limit) => limitKey(limit) === key);
}

function compareSafety(unsafe: boolean, what: string, spot: Spot, report: Report): void {
  // Unsaid, both follow from the method.
  const at = spot.or(new Spot([...spot.old.slice(0, -1), "method"], [...spot.new.slice(0, -1), "method"]));
  if (unsafe) report("diff/operation-became-unsafe", at, `The operation is said ${what} now.`);
  else report("diff/operation-became-safe", at, `The operation is no longer said ${what}.`);
}

function compareAuth(
  comparison: Comparison,
  old: Operation,
  now: Operation,
  spot: Spot,
  report: Report,
): void {
  const at = spot.at("auth_type_ref");
  const { renamedProfiles } = comparison;
  const before = old.auth.map((one) => ({
    ...one,
    profile: renamedProfiles.get(one.profile) ?? one.profile,
  }));
  const matched = matchLists(before, now.auth, ({ profile }) => profile);
  if (matched.removed.length > 0)
    report(
      "diff/operation-auth-removed",
      at,
      `The operation does not take the profile ${list(matched.removed.map(({ item }) => item.profile))} any more.`,
    );
  if (matched.added.length > 0)
    report(
      "diff/operation-auth-added",
      at,
      `The operation also takes the profile ${list(matched.added.map(({ item }) => item.profile))}.`,
    );
  if (isReordered(matched))
    report("diff/operation-auth-reordered", at, "The profiles stand in another order.");
  for (const pair of matched.both) {
    const name = pair.new.profile;
    comparePlacement(
      pair.old.placement,
      pair.new.placement,
      name,
      spot,
      report,
      profileSpot(comparison, name),
    );
  }
}

function profileSpot({ old, new: now, renamedProfiles }: Comparison, name: string): Spot {
  const from = old.profiles.findIndex(({ id }) => (renamedProfiles.get(id) ?? id) === name);
  const to = now.profiles.findIndex(({ id }) => id === name);
  return new Spot(["authentication", from], ["authentication", to]);
}
