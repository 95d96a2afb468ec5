/** Every entry of the catalogue, run on loopback and compared with what the entry means by its own rules. */
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { catalogueIsThere, readRawCatalogue } from "../../support/nango/catalogue.ts";
import { openBench, Refused, runEntry } from "../../support/nango/run.ts";

if (!catalogueIsThere) console.warn("The catalogue is not there: its entries are not run.");

test.skipIf(!catalogueIsThere)(
  "all but two of 521 entries send what they should, byte for byte",
  async () => {
    const bench = await openBench();
    const different: string[] = [];
    const unsayable: string[] = [];
    const entries = readRawCatalogue();
    for (const [name, entry] of entries) {
      try {
        const { actual, expected } = await runEntry(bench, entry, name);
        if (!isDeepStrictEqual(actual, expected)) different.push(name);
      } catch (thrown) {
        if (!(thrown instanceof Refused)) throw new Error(`${name}: ${String(thrown)}`, { cause: thrown });
        unsayable.push(`${name}: ${thrown.message}`);
      }
    }
    await bench.close();
    console.log(
      `${entries.size - different.length - unsayable.length} of ${entries.size} entries run as they mean`,
    );
    expect(different).toEqual([]);
    expect(unsayable).toEqual([
      "mcp-generic: MCP Server OAuth2 (Generic) cannot be said: the mode MCP_OAUTH2_GENERIC",
      "sap-success-factors: SAP SuccessFactors cannot be said: a SAML assertion that is signed here (XML signatures)",
    ]);
  },
);
