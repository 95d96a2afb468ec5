import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { rich } from "./cases.ts";
import { judgeMutants } from "./judge-mutants.ts";

const securonix = readFileSync(
  new URL("../../../descriptors/securonix/connector.yaml", import.meta.url),
  "utf8",
);

// One in so many of several thousand, spread over the whole: a minute in all. A prime meets every kind of mutant.
it.each([
  ["a descriptor with something of everything", rich, 3],
  ["a real one", securonix, 7],
])("tells the mutants of %s that change the content by a rule of its own", async (_title, text, nth) => {
  expect(await judgeMutants(text, (index) => index % nth === 0)).toEqual({ silent: [], unnamed: [] });
});
