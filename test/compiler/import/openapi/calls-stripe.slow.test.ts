import { describe, it } from "vitest";
import { judgeCalls } from "./judge-calls.ts";

const documents = ["stripe.yaml"];

describe("calls of what was imported from OpenAPI", () => {
  it.each(documents)("%s: are valid by the document, with credentials where it says", (file) =>
    judgeCalls(file),
  );
});
