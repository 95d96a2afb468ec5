import { describe, it } from "vitest";
import { judgeCalls } from "./judge-calls.ts";

const documents = [
  "adyen-checkout.yaml",
  "clerk.yaml",
  "dub.yaml",
  "figma.yaml",
  "intercom.yaml",
  "readme.yaml",
  "resend.yaml",
  "spotify.yaml",
  "vonage-verify.yaml",
  "xero-payroll-nz.yaml",
];

describe("calls of what was imported from OpenAPI", () => {
  it.each(documents)("%s: are valid by the document, with credentials where it says", (file) =>
    judgeCalls(file),
  );
});
