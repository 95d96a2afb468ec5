import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { beforeAll, describe, expect, it } from "vitest";
import { playDemo } from "../../cli/demo/demo.ts";
import { jiraUser, securonixUser } from "../../cli/demo/upstream.ts";

const folders = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("connector-demo-"));

describe("npm run demo", () => {
  let told = "";
  let left: string[] = [];
  beforeAll(async () => {
    const before = folders();
    await playDemo({ color: false, write: (text) => (told += text) });
    left = folders().filter((name) => !before.includes(name));
  });

  /** The measure that stands behind a fact; the n-th of that name. */
  const measure = (fact: string, nth = 0): string | undefined =>
    told
      .split("\n")
      .filter((line) => line.trim().startsWith(`${fact} .`))
      [nth]?.split(/ \.{2,} /)[1];

  it("validates both descriptors and shows what a slip looks like", () => {
    expect(measure("descriptors/securonix/connector.yaml")).toMatch(/^no findings; 7 operations/);
    expect(measure("descriptors/jira-cloud/connector.yaml")).toMatch(/^no findings; 11 operations/);
    expect(told).toContain("`api_tokn` is not declared. [template/unknown-name]");
    expect(told).toContain("Did you mean {api_token}?");
  });

  it("builds both clients and leaves nothing behind", () => {
    expect(measure("securonix/index.ts")).toMatch(/KiB$/);
    expect(measure("jira-cloud/index.ts")).toMatch(/KiB$/);
    expect(left).toEqual([]);
  });

  it("makes each chain step once, then answers 100 calls from the cache", () => {
    const steps = [0, 1, 2, 3].map((nth) => [
      measure("chain step ws_token (good for a year)", nth),
      measure("chain step oauth_token (good for an hour)", nth),
    ]);
    expect(steps).toEqual([
      ["called once", "called once"],
      ["from the cache", "from the cache"],
      ["from the cache", "called once"], // an hour later, 50 callers
      ["from the cache", "called once"], // the token was taken back
    ]);
    expect(told).toContain("The cache saved 200 token calls.");
    expect(told).toContain("1 token call served 50 callers.");
    expect(told).toContain("Refused, renewed, repeated: 2 requests for one answer.");
  });

  it("holds back what the limit does not allow at once", () => {
    const span = Number.parseFloat(
      measure("100 calls, all made in the same moment")?.replace("sent over ", "") ?? "",
    );
    expect(span).toBeGreaterThanOrEqual(6.5);
    expect(Number.parseInt(measure("went out at once") ?? "", 10)).toBeLessThanOrEqual(30);
    expect(Number.parseInt(measure("waited for their turn, in order") ?? "", 10)).toBeGreaterThanOrEqual(70);
  });

  it("waits as Retry-After says and reads every page", () => {
    expect(measure("sent again")).toMatch(/^once, ([2-9]|\d{2,})\.\d s later$/);
    expect(measure("list_issues of 230, 100 on a page")).toBe("3 pages, 230 records");
    expect(measure("requests in all")).toBe("4 requests");
    expect(measure("list_incidents of 450, 200 on a page")).toBe("3 pages, 450 records");
    expect(measure("asked for one page, got 100 records and the error")).toBe("truncated");
    expect(measure("went on from the error's cursor")).toBe("230 records in all");
  });

  it("says what errors mean and shows no credential", () => {
    expect(told).toContain("Issue does not exist or you do not have permission to see it.");
    expect(told).toContain('There is no parameter "sumary". Did you mean "summary"?');
    expect(measure("requests sent for these two")).toBe("1 request");
    for (const secret of [jiraUser.api_token, securonixUser.password, "bearer-1", "ws-1"])
      expect(told).not.toContain(secret);
  });
});
