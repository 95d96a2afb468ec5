import { describe, expect, it } from "vitest";
import type { ConnectorError } from "../../../runtime/errors.ts";
import { redirectTarget } from "../../../runtime/request/redirect.ts";

const whence = (method = "GET") => ({ method, origin: "https://a.example", path: "/list/x?q=1" });

function target(status: number, location: string | undefined, method?: string, hops = 0): string | undefined {
  const headers = {
    get: (name: string) => (name === "location" ? location : undefined),
    setCookie: [],
    entries: () => [],
  };
  return redirectTarget(
    { kind: "received", status, headers, chunks: [], framing: "none" },
    whence(method),
    hops,
  );
}

function refusal(location: string, hops = 0): string {
  try {
    return String(target(302, location, "GET", hops));
  } catch (thrown) {
    const { code, message } = thrown as ConnectorError;
    return `${code}: ${message}`;
  }
}

describe("a redirect", () => {
  it.each([
    ["/y", "/y"],
    ["z?p=2", "/list/z?p=2"],
    ["https://a.example/y#part", "/y"],
    ["HTTPS://A.EXAMPLE:443/y", "/y"],
  ])("to %s is followed", (location, path) => {
    for (const status of [301, 302, 303, 307, 308])
      for (const method of ["GET", "HEAD"]) expect(target(status, location, method)).toBe(path);
  });

  it("is none without a place, for a write, and under another status", () => {
    expect(target(302, undefined)).toBeUndefined();
    for (const method of ["POST", "PUT", "PATCH", "DELETE"])
      expect(target(307, "/y", method)).toBeUndefined();
    for (const status of [200, 201, 202, 300, 304, 305, 404]) expect(target(status, "/y")).toBeUndefined();
  });

  it("is followed three times", () => {
    expect([0, 1, 2].map((hops) => refusal("/y", hops))).toEqual(["/y", "/y", "/y"]);
    expect(refusal("/y", 3)).toMatch(/^destination_blocked: .* more than 3 times/);
  });

  it.each([
    ["https://b.example/y", /another origin/],
    ["//b.example/y", /another origin/],
    ["http://a.example/y", /another origin/],
    ["https://a.example:444/y", /another origin/],
    ["https://a.example.b.example/y", /another origin/],
    ["https://a.example@b.example/y", /another origin|no URL/],
    ["\\\\b.example/y", /another origin|no URL/],
    ["https://[", /no URL/],
    ["javascript:alert(1)", /no URL|another origin/],
  ])("to %s is refused", (location, why) => {
    expect(refusal(location)).toMatch(/^destination_blocked: /);
    expect(refusal(location)).toMatch(why);
  });
});
