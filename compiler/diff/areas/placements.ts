/** Where credentials go in a request. */
import type { Entry, Placement } from "../../../schema/ir.ts";
import { same } from "../canonical.ts";
import { type DiffRules, type Report, Spot } from "../change.ts";
import { templateText } from "../words.ts";

export const placementRules: DiffRules = {
  "diff/credential-placement-changed": {
    level: "minor",
    summary: "A credential is sent in another header, query entry or cookie, or written otherwise.",
  },
  "diff/credential-placement-exposed": {
    level: "minor",
    security: true,
    summary: "A credential is sent in the query now: URLs show in logs.",
  },
};

/** `spot` is an operation or the profile itself; an operation's placement may be that of the defaults or `profile`. */
export function comparePlacement(
  old: Placement,
  now: Placement,
  name: string,
  spot: Spot,
  report: Report,
  profile?: Spot,
): void {
  for (const part of ["headers", "query", "cookies"] as const) {
    if (same(texts(old[part]), texts(now[part]))) continue;
    const section = `auth_${part}`;
    const path = ["defaults", section];
    const exposed = part === "query" && now.query.length > 0 && old.query.length === 0;
    report(
      exposed ? "diff/credential-placement-exposed" : "diff/credential-placement-changed",
      spot.at(section).or(...(profile ? [new Spot(path, path), profile.at(section)] : [])),
      exposed
        ? `The credential of \`${name}\` is sent in the query now.`
        : `The credential of \`${name}\` is sent otherwise: its ${part} changed.`,
      "key",
    );
  }
}

function texts(entries: readonly Entry[]): readonly string[] {
  return entries.map((entry) =>
    entry.kind === "template"
      ? `${entry.name}: ${templateText(entry.value)}`
      : `${entry.name}: {${entry.parameter}}`,
  );
}
