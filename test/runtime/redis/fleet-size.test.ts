import { describe, expect, test } from "vitest";
import { FleetSize } from "../../../runtime/redis/fleet-size.ts";
import { createFakeClock } from "../../../runtime/testing/index.ts";

describe("the size of a fleet", () => {
  test("is the most that was counted in the life of a word, so that a store that forgets makes no process think itself alone", async () => {
    const clock = createFakeClock();
    const size = new FleetSize(clock, 10_000, 4);
    size.heard(16);
    await clock.advance(3_000);
    for (const count of [1, 5]) size.heard(count);
    expect(size.count).toBe(16);
    await clock.advance(8_000);
    size.heard(3);
    expect(size.count).toBe(5);
    await clock.advance(6_000);
    size.heard(3);
    expect(size.count).toBe(3);
    size.heard(20);
    expect(size.count).toBe(20);
  });
});
