import { expect, it } from "vitest";
import { bound, measure } from "../../bench/validate.ts";

// A machine that does other work spoils a whole series now and then; a program that is too slow fails three in a row.
it("validates 300 lines within 2.5 times the start of Node alone", { retry: 2 }, () => {
  const { node, validate } = measure();
  expect(validate / node).toBeLessThanOrEqual(bound);
});
