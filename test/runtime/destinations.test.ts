/** Where an answer may lead a credential: the profile's own origins, and what `allowed_hosts` admits. */
import { expect, it } from "vitest";
import { createDestinations } from "../../runtime/destinations.ts";
import { ConnectorError } from "../../runtime/errors.ts";
import type { Draft } from "../../runtime/request/plan.ts";
import type { Scope } from "../../runtime/request/scope.ts";
import { parseNetworkRules } from "../../runtime/transport/destination.ts";
import type { Profile } from "../../schema/ir.ts";

const profile = {
  origins: [],
  allowed_hosts: ["*.example.com", "Api.Example.ORG", "files.example.net:8443"],
} as unknown as Profile;

function judged(origin: string, own: string, foreign = false): string {
  const judge = createDestinations(profile, parseNetworkRules([]));
  try {
    judge({ origin, ownOrigin: own } as Draft, foreign, {} as Scope);
    return "allowed";
  } catch (thrown) {
    return ConnectorError.is(thrown) ? thrown.code : String(thrown);
  }
}

it.each([
  ["https://a.example.com", "allowed"],
  ["https://a.b.example.com:444", "allowed"],
  ["https://example.com", "destination_blocked"],
  ["https://evilexample.com", "destination_blocked"],
  ["https://example.com.evil.test", "destination_blocked"],
  ["https://api.example.org", "allowed"],
  ["https://api.example.org:444", "allowed"],
  ["https://x.api.example.org", "destination_blocked"],
  ["https://files.example.net:8443", "allowed"],
  ["https://files.example.net", "destination_blocked"],
  ["https://files.example.net:8444", "destination_blocked"],
  ["http://a.example.com", "destination_blocked"],
])("%s, where an answer leads or a received value does: %s", (origin, verdict) => {
  expect(judged(origin, "https://own.test")).toBe(verdict);
  expect(judged(origin, origin, true)).toBe(verdict);
});

it("an operation's own origin needs no entry, but for the network rules", () => {
  expect(judged("https://own.test", "https://own.test")).toBe("allowed");
  expect(judged("https://10.0.0.1", "https://10.0.0.1")).toBe("destination_blocked");
});
