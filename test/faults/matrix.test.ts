import { expect, test } from "vitest";
import { situationAt } from "./fault.ts";
import { matrix, placesOf } from "./matrix.ts";

test("every fault that is owed is made without credentials and behind a chain, or says why not", () => {
  const owed = Object.entries(matrix).flatMap(([name, demand]) => {
    const made = new Set([...placesOf(demand)].map((place) => situationAt(place).profile));
    const missing = (["open", "chained"] as const).filter((profile) => !made.has(profile));
    return missing.length > 0 === (demand.except !== undefined) ? [] : [{ name, missing }];
  });
  expect(owed).toEqual([]);
});
