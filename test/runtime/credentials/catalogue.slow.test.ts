/** Every entry of the catalogue, run on loopback and compared with what the entry means by its own rules. */
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { catalogueIsThere, readCatalogue } from "../../support/nango/catalogue.ts";
import { openBench, runEntry } from "../../support/nango/run.ts";
import { Unsayable } from "../../support/nango/template.ts";

if (!catalogueIsThere) console.warn("The catalogue is not there: its entries are not run.");

test.skipIf(!catalogueIsThere)(
  "all but two of 521 entries send what they should, byte for byte",
  async () => {
    const bench = await openBench();
    const different: string[] = [];
    const unsayable: string[] = [];
    const entries = readCatalogue();
    for (const [name, entry] of entries) {
      try {
        const { actual, expected } = await runEntry(bench, entry, name);
        if (!isDeepStrictEqual(actual, expected)) different.push(name);
      } catch (thrown) {
        if (!(thrown instanceof Unsayable)) throw new Error(`${name}: ${String(thrown)}`, { cause: thrown });
        unsayable.push(`${name}: ${thrown.message}`);
      }
    }
    await bench.close();
    console.log(
      `${entries.size - different.length - unsayable.length} of ${entries.size} entries run as they mean`,
    );
    expect(different).toEqual([]);
    expect(unsayable).toEqual([
      "mcp-generic: the mode MCP_OAUTH2_GENERIC",
      "sap-success-factors: a SAML assertion that is signed here (XML signatures)",
    ]);
  },
);
