/** One edit of a descriptor for every rule of `connector diff`. */
import { describe, expect, it } from "vitest";
import { diffCatalog } from "../../../compiler/diff/catalog.ts";
import { differences } from "../../../compiler/diff/schema/difference.ts";
import { upstream } from "../../schema/whole-descriptors.ts";
import { cases, casesOfTheirOwn, type Edit, rich, toolCases } from "./cases.ts";
import { diffTexts, swapped } from "./support.ts";

const edited = (text: string, edits: readonly Edit[]): string =>
  edits.reduce((result, [find, put]) => swapped(result, find, put), text);

const pairs = [
  ...cases.map(([rule, ...edits]) => ({ rule, old: rich, now: edited(rich, edits) })),
  ...casesOfTheirOwn.map(([rule, before, after]) => {
    const old = edited(rich, before);
    return { rule, old, now: edited(old, after) };
  }),
  ...toolCases.map(([rule, ...edits]) => ({ rule, old: upstream, now: edited(upstream, edits) })),
];

describe("connectors held against each other", () => {
  it.each(pairs)("finds $rule", async ({ rule, old, now }) => {
    const { changes } = await diffTexts(old, now);
    expect(changes.map((change) => change.rule)).toContain(rule);
    for (const change of changes) {
      expect(diffCatalog).toHaveProperty([change.rule]);
      expect(change.old.range ?? change.new.range, change.message).toBeDefined();
    }
  });

  it("shows every rule of the catalog here or among the schemas", () => {
    // Schemas have tests of their own; the others are no change of a descriptor by itself.
    const elsewhere = [
      ...Object.keys(differences).flatMap((kind) => [`diff/request-${kind}`, `diff/response-${kind}`]),
      ...["diff/other", "diff/connector-added", "diff/connector-removed"],
    ];
    const shown = new Set([...pairs.map(({ rule }) => rule), ...elsewhere]);
    expect(Object.keys(diffCatalog).filter((rule) => !shown.has(rule))).toEqual([]);
    expect([...shown].filter((rule) => !(rule in diffCatalog))).toEqual([]);
  });
});
