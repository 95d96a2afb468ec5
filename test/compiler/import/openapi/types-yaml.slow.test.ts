import { describe, expect, it } from "vitest";
import { clientErrors } from "./client-errors.ts";
import { corpusDocument } from "./imported.ts";

const documents = [
  "adyen-checkout.yaml",
  "clerk.yaml",
  "dub.yaml",
  "figma.yaml",
  "hey-api-full-3.1.yaml",
  "intercom.yaml",
  "readme.yaml",
  "resend.yaml",
  "spotify.yaml",
  "stripe.yaml",
  "vonage-verify.yaml",
  "xero-payroll-nz.yaml",
];

describe("clients of what was imported from OpenAPI", () => {
  it.each(documents)("%s: type-checks", async (file) => {
    const path = corpusDocument(file);
    if (path !== undefined) expect(await clientErrors(path)).toEqual([]);
  });
});
