/** Differences of schemas in the light of who writes and who reads: what breaks is told by the direction. */
import type { JsonSchema } from "../../../schema/ir.ts";
import {
  type DiffRule,
  type DiffRuleId,
  type DiffRules,
  type Level,
  plainWay,
  type Report,
  type Spot,
} from "../change.ts";
import type { Comparison } from "../comparison.ts";
import { compareSchemas } from "../schema/compare.ts";
import { type DifferenceKind, differences, type Effect } from "../schema/difference.ts";
import { embedded } from "../schema/resolve.ts";

/** `request`: callers write it, so less is a break; `response`: callers read it, so more is one. */
export type Direction = "request" | "response";

const levelsOf: { readonly [D in Direction]: { readonly [E in Effect]: Level } } = {
  request: { narrows: "major", widens: "minor", differs: "major", undecided: "minor", says: "patch" },
  response: { narrows: "minor", widens: "major", differs: "major", undecided: "minor", says: "patch" },
};

/**
 * JSON Schema lets in what it does not declare; callers do not live by that. A property that a request gains may be
 * left out, and one that it loses meant something to those who sent it.
 */
const exceptions: { readonly [D in Direction]: { readonly [K in DifferenceKind]?: Level } } = {
  request: { "property-added": "minor", "property-removed": "major" },
  response: {},
};

export function schemaRules(direction: Direction): DiffRules {
  const kinds = Object.entries(differences) as [DifferenceKind, (typeof differences)[DifferenceKind]][];
  return Object.fromEntries(
    kinds.map(([kind, { effect, what }]): [DiffRuleId, DiffRule] => [
      `diff/${direction}-${kind}`,
      {
        level: exceptions[direction][kind] ?? levelsOf[direction][effect],
        ...(effect === "undecided" ? { undecided: true } : {}),
        summary: `In ${direction === "request" ? "the schema of a parameter" : "a response schema"}, ${what}.`,
      },
    ]),
  );
}

/** Compares two embedded schemas at a place of the descriptor. */
export function compareEmbedded(
  comparison: Comparison,
  direction: Direction,
  pair: { readonly old: JsonSchema; readonly new: JsonSchema },
  spot: Spot,
  report: Report,
): void {
  compareSchemas(
    embedded(pair.old, plainWay(spot.old)),
    embedded(pair.new, plainWay(spot.new)),
    spot,
    comparison.schemas,
    ({ kind, spot: place, message, show }) =>
      report(`diff/${direction}-${kind}`, place, `${subjectOf[direction]}, ${uncapital(message)}`, show),
  );
}

const subjectOf: { readonly [D in Direction]: string } = {
  request: "In the request",
  response: "In the answer",
};

function uncapital(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
