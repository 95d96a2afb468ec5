import { describe, expect, it } from "vitest";
import { Patience } from "../../../runtime/redis/patience.ts";

describe("how long a silent store is waited for", () => {
  it("is 300 ms while nothing is known of its answers", () => {
    expect(new Patience().limitMs(0, 1)).toBe(300);
    expect(new Patience().limitMs(1e9, 1)).toBe(300);
  });

  it("is 40 ms where answers come at once, and three times the slowest where they do not", () => {
    const patience = new Patience();
    patience.heard(2, 0);
    expect(patience.limitMs(0, 1)).toBe(40);
    patience.heard(30, 1);
    patience.heard(2, 2);
    expect(patience.limitMs(2, 1)).toBe(90);
    patience.heard(5_000, 3);
    expect(patience.limitMs(3, 1)).toBe(300);
  });

  it("is 300 ms for one of several, who would use their share while the others use the limit", () => {
    const patience = new Patience();
    patience.heard(2, 0);
    expect(patience.limitMs(0, 2)).toBe(300);
  });

  it("forgets a slow answer after ten to twenty seconds with others", () => {
    const patience = new Patience();
    patience.heard(80, 0);
    for (let now = 1_000; now < 20_000; now += 1_000) {
      patience.heard(1, now);
      expect(patience.limitMs(now, 1)).toBe(240);
    }
    patience.heard(1, 20_000);
    expect(patience.limitMs(20_000, 1)).toBe(40);
  });

  it("learns nothing from a time without answers", () => {
    const patience = new Patience();
    patience.heard(80, 0);
    expect([100_000, 200_000, 300_000].map((now) => patience.limitMs(now, 1))).toEqual([240, 240, 240]);
  });
});
