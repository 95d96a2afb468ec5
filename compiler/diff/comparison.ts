/** What the areas of a comparison share: both connectors, and where changes go. */
import type { Connector, Profile } from "../../schema/ir.ts";
import { canonical, same } from "./canonical.ts";
import type { Found, Report, Spot, Subject } from "./change.ts";
import { matchLists } from "./fields.ts";
import { createSchemaScope, type SchemaScope } from "./schema/scope.ts";
import { contentOf } from "./words.ts";

export interface Comparison {
  readonly old: Connector;
  readonly new: Connector;
  readonly schemas: SchemaScope;
  readonly found: Found[];
  /** Ids of profiles that the new connector has under another id, with that id. */
  readonly renamedProfiles: ReadonlyMap<string, string>;
  reporter(subject: Subject): Report;
}

/** Judges one part of a connector. */
export type Area = (comparison: Comparison) => void;

export function createComparison(old: Connector, now: Connector): Comparison {
  const found: Found[] = [];
  return {
    old,
    new: now,
    schemas: createSchemaScope(old.schemas, now.schemas),
    found,
    renamedProfiles: renamedProfiles(old, now),
    reporter: (subject) => (rule, spot, message, show) => {
      found.push({ rule, subject, message, spot, ...(show ? { show } : {}) });
    },
  };
}

/** A profile of one type, fields and placement under another id is the same profile, where there is one such alone. */
export function profileKey({ type, fields, placement }: Profile): string {
  return canonical([type, fields, placement]);
}

function renamedProfiles(old: Connector, now: Connector): ReadonlyMap<string, string> {
  const { both } = matchLists(old.profiles, now.profiles, ({ id }) => id, profileKey);
  return new Map(both.flatMap((pair) => (pair.old.id === pair.new.id ? [] : [[pair.old.id, pair.new.id]])));
}

/** Runs a comparison of one thing; where it differs and nothing was said, says that: no change passes in silence. */
export function orSaySo(
  comparison: Comparison,
  report: Report,
  spot: Spot,
  pair: { readonly old: unknown; readonly new: unknown },
  compare: () => void,
): void {
  const before = comparison.found.length;
  compare();
  if (comparison.found.length === before && !same(contentOf(pair.old), contentOf(pair.new)))
    report("diff/other", spot, "Something changed that has no rule of its own.");
}
