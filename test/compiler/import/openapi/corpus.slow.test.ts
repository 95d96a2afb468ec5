/** Real documents: everything is carried over, and what comes of it validates. */
import { describe, expect, it } from "vitest";
import { compileImported, corpusDocument, importFile } from "./imported.ts";

/** With the operations that each has. */
const documents: readonly (readonly [file: string, operations: number])[] = [
  ["adyen-checkout.yaml", 28],
  ["box.json", 296],
  ["clerk.yaml", 207],
  ["discord.json", 242],
  ["dub.yaml", 54],
  ["figma.yaml", 47],
  ["github.json", 874],
  ["hey-api-full-3.1.yaml", 48],
  ["intercom.yaml", 231],
  ["jira-platform.json", 468],
  ["notion.json", 24],
  ["paypal-orders.json", 8],
  ["readme.yaml", 36],
  ["resend.yaml", 104],
  ["sendgrid-mail.json", 3],
  ["slack-web-swagger2.json", 174],
  ["spotify.yaml", 96],
  ["stripe.yaml", 468],
  ["twilio-messaging.json", 58],
  ["vonage-verify.yaml", 5],
  ["xero-payroll-nz.yaml", 71],
  ["zoom-swagger2.json", 155],
];

describe("OpenAPI documents of the corpus", () => {
  it.each(documents)(
    "%s: all of its %i operations are carried, and the validator finds no error",
    async (file, count) => {
      const path = corpusDocument(file);
      if (path === undefined) return;
      const connector = await importFile(path);
      expect(connector.operations).toEqual({ found: count, carried: count });
      const { diagnostics, connectors } = await compileImported(connector);
      expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(connectors[0]?.ir.operations.length).toBe(count);
      // Nothing had to be mended: the importer's own rules say what a descriptor takes.
      expect(connector.lost.filter(({ message }) => message.startsWith("Left out"))).toEqual([]);
    },
  );
});
