/**
 * Real APIs as descriptors: what arrives is what is written in `catalogue-requests.txt`, and what the entry means by
 * its own rules. The catalogue lies beside the project; without it these tests are skipped, and say so.
 */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { catalogueIsThere, readRawCatalogue } from "../../support/nango/catalogue.ts";
import { type Bench, openBench, runEntry } from "../../support/nango/run.ts";

/** Requests as text, by the entry's name. Each was read against its entry; read it again before you change it. */
function writtenRequests(): ReadonlyMap<string, string> {
  const text = readFileSync(new URL("catalogue-requests.txt", import.meta.url), "utf8");
  const blocks = text.split(/^# /m).slice(1);
  return new Map(
    blocks.map((block) => {
      const end = block.indexOf("\n");
      return [block.slice(0, end), block.slice(end).trim()] as const;
    }),
  );
}

if (!catalogueIsThere) console.warn("The catalogue is not there: its entries are not run.");

describe.skipIf(!catalogueIsThere)("an entry of the catalogue", () => {
  let bench: Bench;
  const entries = catalogueIsThere ? readRawCatalogue() : new Map();
  beforeAll(async () => {
    bench = await openBench();
  });
  afterAll(() => bench.close());

  const written = [...writtenRequests()];

  test("is written down for every mode and every peculiarity of the wire", () => {
    expect(written.length).toBeGreaterThanOrEqual(60);
    const modes = new Set([...entries.values()].map((entry) => entry.auth_mode));
    modes.delete("MCP_OAUTH2_GENERIC");
    const covered = new Set(written.map(([name]) => entries.get(name)?.auth_mode));
    expect([...modes].filter((mode) => !covered.has(mode))).toEqual([]);
  });

  test.each(written)("%s sends these bytes", async (name, requests) => {
    const { actual, expected, wire } = await runEntry(bench, entries.get(name) ?? {}, name);
    expect(wire.join("\n\n")).toBe(requests);
    expect(actual).toEqual(expected);
  });
});
