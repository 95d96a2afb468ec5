/** Identity and words of a connector, what it states about itself, and what it asks of a runtime. */
import type { Json, JsonObject } from "../../../schema/ir.ts";
import { list } from "../../../schema/language/spelling.ts";
import { difference, own, same } from "../canonical.ts";
import { type DiffRules, type Report, Spot } from "../change.ts";
import type { Area } from "../comparison.ts";
import { shown } from "../words.ts";

export const metadataRules: DiffRules = {
  "diff/slug-changed": {
    level: "major",
    summary: "The slug changed: connections, environment variables and folders are named by it.",
  },
  "diff/publisher-changed": {
    level: "minor",
    security: true,
    summary: "Another publisher stands behind the connector.",
  },
  "diff/metadata-changed": {
    level: "patch",
    summary: "Name, description, summary, documentation, categories or tags changed, or the order of tables.",
  },
  "diff/runtime-feature-required": {
    level: "major",
    summary: "The connector asks for a feature that a runtime may lack, and then does not run at all.",
  },
  "diff/runtime-feature-dropped": { level: "patch", summary: "A feature is asked of the runtime no longer." },
  "diff/extension-changed": {
    level: "patch",
    summary: "An `x-` key changed; it means nothing to the runtime.",
  },
  "diff/capability-removed": { level: "major", summary: "A capability or sync mode is no longer there." },
  "diff/capability-added": { level: "minor", summary: "A capability or sync mode is new." },
  "diff/capability-changed": {
    level: "minor",
    summary: "A capability has another value, such as the number of parallel tasks.",
  },
  "diff/sla-lowered": { level: "minor", summary: "Less is promised than before; calls work as they did." },
  "diff/sla-raised": { level: "patch", summary: "More is promised than before." },
  "diff/database-table-removed": {
    level: "major",
    summary: "A table of a database connector is no longer exposed.",
  },
  "diff/database-table-added": { level: "minor", summary: "A table of a database connector is new." },
  "diff/database-changed": {
    level: "major",
    summary: "The adapter or another setting of a database connector changed.",
  },
  "diff/connector-removed": { level: "major", summary: "A connector of a folder is gone." },
  "diff/connector-added": { level: "minor", summary: "A connector of a folder is new." },
  "diff/other": {
    level: "minor",
    undecided: true,
    summary: "Something changed that has no rule of its own.",
  },
};

export const compareMetadata: Area = (comparison) => {
  const { old, new: now } = comparison;
  const report = comparison.reporter({ kind: "connector", id: now.slug });
  const root = new Spot([], []);
  const metadata = root.at("metadata");
  if (old.slug !== now.slug)
    report(
      "diff/slug-changed",
      metadata.at("slug"),
      `The slug changed from \`${old.slug}\` to \`${now.slug}\`.`,
    );
  if (old.metadata.publisher !== now.metadata.publisher)
    report(
      "diff/publisher-changed",
      metadata.at("publisher"),
      `The publisher changed from ${shown(old.metadata.publisher)} to ${shown(now.metadata.publisher)}.`,
    );
  for (const key of ["name", "description", "summary", "documentation_url", "categories", "tags"] as const)
    if (!same(old.metadata[key], now.metadata[key]))
      report("diff/metadata-changed", metadata.at(key), `\`metadata.${key}\` changed.`);
  const features = difference(old.requires, now.requires);
  for (const feature of features.added)
    report(
      "diff/runtime-feature-required",
      root.at("jsonpath"),
      `A runtime needs the feature \`${feature}\` now.`,
    );
  for (const feature of features.removed)
    report(
      "diff/runtime-feature-dropped",
      root.at("jsonpath"),
      `A runtime needs the feature \`${feature}\` no longer.`,
    );
  compareExtensions(old.extensions, now.extensions, root, report);
  compareCapabilities(old.capabilities ?? {}, now.capabilities ?? {}, root.at("capabilities"), report);
  compareSla(old.sla ?? {}, now.sla ?? {}, root.at("sla"), report);
  compareDatabase(old.database ?? {}, now.database ?? {}, root.at("database_config"), report);
};

/** `x-` keys, at the root or on an operation. */
export function compareExtensions(
  old: JsonObject | undefined,
  now: JsonObject | undefined,
  spot: Spot,
  report: Report,
): void {
  for (const key of changedKeys(old ?? {}, now ?? {}))
    report("diff/extension-changed", spot.at(key), `\`${key}\` changed.`);
}

function changedKeys(old: object, now: object): readonly string[] {
  const values = (of: object): ReadonlyMap<string, unknown> => new Map(Object.entries(of));
  const [before, after] = [values(old), values(now)];
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (key) => !same(before.get(key), after.get(key)),
  );
}

function compareCapabilities(old: JsonObject, now: JsonObject, spot: Spot, report: Report): void {
  for (const key of changedKeys(old, now)) {
    const [before, after] = [own(old, key), own(now, key)];
    if (key === "sync_modes") {
      const modes = difference(texts(before), texts(after));
      if (modes.removed.length > 0)
        report("diff/capability-removed", spot.at(key), `The sync mode ${list(modes.removed)} is gone.`);
      if (modes.added.length > 0)
        report("diff/capability-added", spot.at(key), `The sync mode ${list(modes.added)} is new.`);
      if (modes.removed.length + modes.added.length === 0)
        report("diff/capability-changed", spot.at(key), "The sync modes stand in another order.");
    } else if ((before === true || before === undefined) && after === false)
      // A capability that was not stated is one that nobody may have counted on, but for those that are on unless refused.
      report(
        before === true ? "diff/capability-removed" : "diff/capability-changed",
        spot.at(key),
        `\`${key}\` is off now.`,
      );
    else if (after === true) report("diff/capability-added", spot.at(key), `\`${key}\` is on now.`);
    else if (before === true)
      report("diff/capability-removed", spot.at(key), `\`${key}\` is not stated any more.`);
    else
      report(
        "diff/capability-changed",
        spot.at(key),
        `\`${key}\` changed from ${shown(before)} to ${shown(after)}.`,
      );
  }
}

function compareSla(old: object, now: object, spot: Spot, report: Report): void {
  const [before, after] = [new Map(Object.entries(old)), new Map(Object.entries(now))];
  for (const key of changedKeys(old, now)) {
    const [a, b] = [before.get(key), after.get(key)];
    // Of availability and error budget, more is better for the one and worse for the other; of times, less is better.
    const better =
      b !== undefined && (a === undefined || (key === "availability_percentage" ? b > a : b < a));
    report(
      better ? "diff/sla-raised" : "diff/sla-lowered",
      spot.at(key),
      `\`${key}\` changed from ${shown(a)} to ${shown(b)}.`,
    );
  }
}

function compareDatabase(old: JsonObject, now: JsonObject, spot: Spot, report: Report): void {
  for (const key of changedKeys(old, now)) {
    const [before, after] = [texts(own(old, key)), texts(own(now, key))];
    if (key !== "tables" || before.length === 0 || after.length === 0) {
      // An empty list means every table.
      const wider = key === "tables" && after.length === 0;
      report(
        wider ? "diff/database-table-added" : "diff/database-changed",
        spot.at(key),
        `\`${key}\` changed from ${shown(own(old, key))} to ${shown(own(now, key))}.`,
      );
      continue;
    }
    const { removed, added } = difference(before, after);
    if (removed.length > 0)
      report(
        "diff/database-table-removed",
        spot.at(key),
        `The table ${list(removed)} is not exposed any more.`,
      );
    if (added.length > 0)
      report("diff/database-table-added", spot.at(key), `The table ${list(added)} is new.`);
    if (removed.length + added.length === 0)
      report("diff/metadata-changed", spot.at(key), "The tables stand in another order.", "key");
  }
}

function texts(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
