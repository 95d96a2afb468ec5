/** The half catalogue of real APIs: every entry but two becomes a valid descriptor, of which nothing had to be left out. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { catalogueIsThere, cataloguePath } from "../../support/nango/catalogue.ts";
import { importText } from "./import-text.ts";

if (!catalogueIsThere) console.warn("SKIPPED: the catalogue is not there, and its entries are not imported.");

test.skipIf(!catalogueIsThere)(
  "519 of 521 entries become valid descriptors; the others are named",
  async () => {
    const { connectors, refused } = await importText(readFileSync(cataloguePath, "utf8"), {
      format: "nango",
    });
    expect(connectors).toHaveLength(519);
    expect(refused.map(({ at }) => at)).toEqual(["mcp-generic", "sap-success-factors"]);
    const cut = connectors.flatMap(({ lost }) =>
      lost.filter(({ message }) => message.startsWith("Left out")),
    );
    expect(cut).toEqual([]);
  },
);
