import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ConnectorError } from "../../../runtime/errors.ts";
import { judgeAddress, judgeOrigin, parseNetworkRules } from "../../../runtime/transport/destination.ts";

const suite = new URL("../../../../shared/corpus/suites/ssrf/", import.meta.url);
const present = existsSync(suite);
if (!present)
  console.warn("SKIPPED: the ssrf suite is absent, destinations are judged by the cases here alone");

const none = parseNetworkRules([]);

describe.skipIf(!present)("the ssrf suite", () => {
  const { urls } = present
    ? JSON.parse(readFileSync(new URL("ssrf-urls.json", suite), "utf8"))
    : { urls: [] };

  it("has its cases", () => {
    expect(urls.length).toBeGreaterThan(100);
  });

  it.each(urls as { url: string; expect: string }[])("$expect $url", ({ url, expect: verdict }) => {
    const judgement = judgeOrigin(url, none);
    expect(judgement.allowed ? "allow" : "deny").toBe(verdict);
  });

  // Most of the suite is http, which is refused as such: over https the address itself must be what refuses.
  const kinds = ["loopback", "ipv6-embed", "metadata", "private"];
  const local = (urls as { url: string; class: string }[]).filter((entry) => kinds.includes(entry.class));
  const named = ["instance-data"];
  it.each(local)("denies $url over https too", ({ url }) => {
    const secure = url.replace(/^http:/, "https:");
    expect(judgeOrigin(secure, none).allowed).toBe(false);
    const host = new URL(secure).hostname.replace(/^\[|\]$/g, "");
    if (/^[\d.:a-f]+$/.test(host) && !named.includes(host))
      expect(judgeAddress(host, 443, none).allowed).toBe(false);
  });

  const ranges = present ? JSON.parse(readFileSync(new URL("ip-ranges.json", suite), "utf8")) : [];
  const plain = (ranges as { cidr: string; deny: boolean }[]).filter(({ cidr }) => cidr !== "::ffff:0:0/96");
  it.each(plain)("denies the first address of $cidr", ({ cidr }) => {
    expect(judgeAddress(cidr.split("/")[0] ?? "", 443, none).allowed).toBe(false);
  });
});

describe("judgeAddress", () => {
  it("says why", () => {
    expect(judgeAddress("10.1.2.3", 443, none)).toEqual({
      allowed: false,
      reason: "10.1.2.3 is a private address (10.0.0.0/8)",
    });
  });

  it("takes an IPv4-mapped address for the IPv4 address", () => {
    expect(judgeAddress("::ffff:8.8.8.8", 443, none).allowed).toBe(true);
    expect(judgeAddress("::ffff:7f00:1", 443, none).allowed).toBe(false);
    expect(judgeAddress("::ffff:127.0.0.1", 443, parseNetworkRules(["127.0.0.1"])).allowed).toBe(true);
    expect(judgeAddress("127.0.0.1", 443, parseNetworkRules(["::ffff:127.0.0.0/104"])).allowed).toBe(true);
  });

  it("judges a scoped address by the address", () => {
    expect(judgeAddress("fe80::1%eth0", 443, none).allowed).toBe(false);
  });

  it("denies what is no address", () => {
    for (const text of ["", "localhost", "127.1", "1.2.3.4.5", "::g"]) {
      expect(judgeAddress(text, 443, none).allowed).toBe(false);
    }
  });

  it("lets a name rule open private addresses, but never metadata", () => {
    expect(judgeAddress("10.0.0.7", 443, none, true).allowed).toBe(true);
    expect(judgeAddress("169.254.169.254", 443, none, true).allowed).toBe(false);
    expect(judgeAddress("fd00:ec2::254", 443, none, true).allowed).toBe(false);
    expect(judgeAddress("169.254.169.254", 443, parseNetworkRules(["169.254.169.254"]), true).allowed).toBe(
      true,
    );
  });
});

describe("network.allow", () => {
  const cases: [entry: string, origin: string, allowed: boolean][] = [
    ["127.0.0.1:8080", "http://127.0.0.1:8080", true],
    ["127.0.0.1:8080", "http://127.0.0.1:8081", false],
    ["127.0.0.1:8080", "http://localhost:8080", true],
    ["127.0.0.1", "http://2130706433:9", true],
    ["10.0.0.0/8", "https://10.9.8.7", true],
    ["10.0.0.0/8", "http://10.9.8.7:81", true],
    ["10.0.0.0/8:443", "https://10.9.8.7", true],
    ["10.0.0.0/8:443", "https://10.9.8.7:444", false],
    ["10.0.0.0/8", "https://11.0.0.1", true],
    ["[::1]:8080", "http://[::1]:8080", true],
    ["::1", "http://[::1]:8080", true],
    ["[fd00::/8]:443", "https://[fd12::1]", true],
    ["[fd00::]/8:443", "https://[fd12::1]", true],
    ["intranet.example", "http://intranet.example", true],
    ["intranet.example", "http://INTRANET.example.:80", true],
    ["intranet.example", "http://a.intranet.example", false],
    ["*.intranet.example", "http://a.b.intranet.example", true],
    ["*.intranet.example", "http://intranet.example", false],
    ["*.intranet.example", "http://evilintranet.example", false],
    ["bücher.example", "http://xn--bcher-kva.example", true],
    ["8.8.8.8", "http://8.8.8.8", true],
    ["api.example.com:22", "https://api.example.com:22", true],
    ["127.0.0.1", "ftp://127.0.0.1", false],
    ["127.0.0.1", "http://user@127.0.0.1", false],
  ];
  it.each(cases)("%s: %s is allowed: %s", (entry, origin, expected) => {
    expect(judgeOrigin(origin, parseNetworkRules([entry])).allowed).toBe(expected);
  });

  it("refuses https to a port of another protocol", () => {
    expect(judgeOrigin("https://api.example.com:25", none)).toMatchObject({ allowed: false });
    expect(judgeOrigin("https://api.example.com:8443", none).allowed).toBe(true);
  });

  const bad = [
    "",
    "*",
    "http://a",
    "a/b",
    "10.0.0.0/33",
    "10.0.0.1:0",
    "10.0.0.1:99999",
    "a:b",
    "*.*.a",
    "a b",
    "127.1",
    "[::1",
    "::1/129",
    "a..b:",
    "*.10.0.0.1",
  ];
  it.each(bad)("refuses the entry %j as a configuration error", (entry) => {
    const error = catching(() => parseNetworkRules([entry]));
    expect(ConnectorError.is(error) && error.code).toBe("configuration");
    expect(String(error)).toContain(JSON.stringify(entry));
  });
});

describe("a rule", () => {
  const judged = (rule: string, address: string, port = 443): boolean =>
    judgeAddress(address, port, parseNetworkRules([rule])).allowed;

  it("for addresses of one version is none for the other, whatever bytes they begin with", () => {
    expect([judged("252.0.0.0/8", "252.0.0.1"), judged("252.0.0.0/8", "fc00::1")]).toEqual([true, false]);
    expect([judged("fc00::/8", "fc00::1"), judged("7f00::/8", "127.0.0.1")]).toEqual([true, false]);
  });

  it("for mapped addresses is one for those that they stand for, where it is about nothing else", () => {
    expect(judged("::ffff:10.0.0.0/104", "10.1.2.3")).toBe(true);
    expect(judged("::ffff:10.0.0.0/104", "192.168.0.1")).toBe(false);
    expect(judged("::ffff:0:0/90", "10.1.2.3")).toBe(false);
  });

  it("for a name and a port is none for its other ports", () => {
    const rules = parseNetworkRules(["api.example.com:8080", "*.example.org:8443"]);
    const allowed = (origin: string): boolean => judgeOrigin(origin, rules).allowed;
    expect(
      [
        "http://api.example.com:8080",
        "http://api.example.com:8081",
        "http://a.example.org:8443",
        "http://a.example.org",
      ].map(allowed),
    ).toEqual([true, false, true, false]);
  });

  it.each(["https://user@api.example.com", "https://:password@api.example.com"])(
    "lets nobody in with user information: %s",
    (origin) => {
      expect(judgeOrigin(origin, parseNetworkRules(["api.example.com"])).allowed).toBe(false);
    },
  );
});

function catching(action: () => unknown): unknown {
  try {
    action();
    return undefined;
  } catch (error) {
    return error;
  }
}
