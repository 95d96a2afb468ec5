import { describe, expect, it } from "vitest";
import { compareVersions, judgeVersion, parseVersion } from "../../../compiler/diff/version.ts";

describe("the version that changes ask for", () => {
  it.each([
    ["1.2.3", "major", "2.0.0"],
    ["1.2.3", "minor", "1.3.0"],
    ["1.2.3", "patch", "1.2.4"],
    ["0.2.3", "major", "0.3.0"],
    ["0.2.3", "minor", "0.2.4"],
    ["0.0.3", "major", "0.1.0"],
    ["0.0.3", "patch", "0.0.4"],
    ["2.0.0-rc.1", "major", "2.0.0-rc.2"],
    ["1.3.0-rc.1", "major", "2.0.0"],
    ["1.3.0-rc.1", "minor", "1.3.0-rc.2"],
    ["1.3.0-beta", "patch", "1.3.0-beta.1"],
    ["1.2.3+build.5", "patch", "1.2.4"],
    ["9007199254740993.0.0", "major", "9007199254740994.0.0"],
  ] as const)("%s with a %s change is at least %s", (old, floor, least) => {
    expect(judgeVersion(old, old, floor)).toMatchObject({
      least,
      problem: { rule: "diff/version-not-raised" },
    });
    expect(judgeVersion(old, least, floor).problem).toBeUndefined();
  });

  it.each([
    ["1.2.3", "1.2.4", "major", "diff/version-too-low"],
    ["1.2.3", "1.3.0", "major", "diff/version-too-low"],
    ["1.2.3", "1.2.4", "minor", "diff/version-too-low"],
    ["1.2.3", "1.2.2", "patch", "diff/version-lowered"],
    ["1.2.3", "1.2.3-rc.1", "patch", "diff/version-lowered"],
    ["1.2.3", "1.2.3+other", "patch", "diff/version-not-raised"],
    ["0.2.3", "0.2.4", "major", "diff/version-too-low"],
    ["1.2.3", "1.2.2", undefined, "diff/version-lowered"],
  ] as const)("%s to %s with a %s change is %s", (old, now, floor, rule) => {
    expect(judgeVersion(old, now, floor).problem?.rule).toBe(rule);
  });

  it.each([
    ["1.2.3", "2.0.0", "patch"],
    ["1.2.3", "2.0.0-rc.1", "major"],
    ["0.9.0", "1.0.0", "major"],
    ["1.2.3", "1.2.3", undefined],
    ["1.2.3", "1.9.0", undefined],
  ] as const)("%s to %s is enough for a %s change", (old, now, floor) => {
    expect(judgeVersion(old, now, floor).problem).toBeUndefined();
  });

  it("orders versions as semver does", () => {
    // The example of semver.org, section 11.
    const order = [
      "1.0.0-alpha",
      "1.0.0-alpha.1",
      "1.0.0-alpha.beta",
      "1.0.0-beta",
      "1.0.0-beta.2",
      "1.0.0-beta.11",
      "1.0.0-rc.1",
      "1.0.0",
    ];
    const sorted = [...order].reverse().sort((a, b) => {
      const [left, right] = [parseVersion(a), parseVersion(b)];
      if (!left || !right) throw new Error("no version");
      return compareVersions(left, right);
    });
    expect(sorted).toEqual(order);
  });
});
