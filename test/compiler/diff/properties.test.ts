/** What holds of every pair of descriptors, shown on some; `properties.slow.test.ts` shows it on all mutants. */

import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { diffConnectors } from "../../../compiler/diff/diff.ts";
import { rich } from "./cases.ts";
import { judgeMutants } from "./judge-mutants.ts";
import { base, diffTexts, irOf, lineOf, swapped } from "./support.ts";

describe("diff", () => {
  it("finds nothing between a descriptor and itself, however it is written", async () => {
    for (const text of [base, rich]) {
      const turned = stringify(parse(text), { sortMapEntries: true });
      for (const other of [text, JSON.stringify(parse(text)), turned, `# A comment\n${text}`])
        expect((await diffTexts(text, other)).changes).toEqual([]);
    }
  });

  it("finds every mutant that changes the content, both ways", async () => {
    expect(await judgeMutants(base, (index) => index % 40 === 0)).toEqual({ silent: [], unnamed: [] });
  });

  it("does not depend on the order of operations, profiles and limits", async () => {
    const now = swapped(swapped(base, "max_pages: 20", "max_pages: 10"), "limit: 100", "limit: 50");
    const data = parse(now);
    for (const list of ["operations", "authentication", "rate_limits"]) data[list].reverse();
    const [straight, turned] = [await diffTexts(base, now), await diffTexts(base, stringify(data))];
    const told = (of: typeof straight): string[] =>
      of.changes
        .filter(({ level }) => level !== "patch")
        .map(({ rule, message }) => `${rule} ${message}`)
        .sort();
    expect(told(turned)).toEqual(told(straight));
    expect(told(straight)).toHaveLength(2);
  });

  it("works on compiled connectors alone, with pointers for places", async () => {
    const now = swapped(base, "max_pages: 20", "max_pages: 10");
    const { changes, floor, version } = diffConnectors(await irOf(base), await irOf(now));
    expect(changes).toMatchObject([
      {
        rule: "diff/pagination-pages-lowered",
        level: "major",
        subjects: ["operation list_tickets"],
        tools: ["search_tickets"],
        old: { path: "/operations/0/pagination/max_pages" },
      },
    ]);
    expect(floor).toBe("major");
    expect(version).toMatchObject({ least: "2.0.0", problem: { rule: "diff/version-not-raised" } });
  });

  it("shows a change of defaults, of the base URL and of shared schemas where it was made, once for all operations", async () => {
    const old = swapped(base, "authentication:\n", "defaults:\n  headers: { X-App: one }\nauthentication:\n");
    const now = [
      ["X-App: one", "X-App: two"],
      ['example.com/api"', 'example.com/v2"'],
      ["maxLength: 200", "maxLength: 100"],
    ].reduce((text, [find = "", put = ""]) => swapped(text, find, put), old);
    const { changes } = await diffTexts(old, now);
    const places = new Map(
      changes.map(({ rule, new: place, subjects }) => [rule, [place.range?.start.line, subjects.length]]),
    );
    expect(places.get("diff/request-entry-changed")).toEqual([lineOf(now, "X-App"), 3]);
    expect(places.get("diff/request-path-changed")).toEqual([lineOf(now, "base_url:"), 3]);
    expect(places.get("diff/response-constraint-tightened")).toEqual([lineOf(now, "maxLength"), 2]);
  });

  it("shows what is gone at its old place, and where it would stand now", async () => {
    const gone = "      - name: trace\n        wire_name: X-Trace\n        location: header\n";
    const now = swapped(base, gone, "");
    const [change] = (await diffTexts(base, now)).changes;
    expect(change).toMatchObject({
      rule: "diff/parameter-removed",
      old: { path: "/operations/0/parameters/2", range: { start: { line: lineOf(base, "name: trace") } } },
      new: { path: "/operations/0/parameters", range: { start: { line: lineOf(now, "    parameters:") } } },
    });
  });

  it("takes an operation that makes the same call under another id for a renamed one, and goes on comparing", async () => {
    const now = swapped(
      swapped(base, "operation_id: get_ticket", "operation_id: read_ticket"),
      "summary: Read one ticket",
      "summary: Read it",
    );
    expect((await diffTexts(base, now)).changes.map(({ rule }) => rule)).toEqual([
      "diff/operation-renamed",
      "diff/operation-text-changed",
    ]);
  });
});
