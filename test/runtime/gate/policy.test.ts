import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../runtime/gate/canonical-json.ts";
import { type GateRequest, readPolicy } from "../../../runtime/gate/index.ts";
import { gateOf, request } from "./support.ts";

describe("a policy", () => {
  it.each<[string, readonly object[], Partial<GateRequest>, string]>([
    ["refuses what no rule names", [], {}, "denied"],
    ["allows by tool", [{ action: "allow", tool: "close_*" }], {}, "allowed"],
    ["allows by tag", [{ action: "allow", tag: ["tickets", "notes"] }], {}, "allowed"],
    ["allows by connector", [{ action: "allow", connector: "desk" }], {}, "allowed"],
    ["knows the tenant", [{ action: "allow", tenant: "other" }], {}, "denied"],
    [
      "takes the first rule that fits",
      [
        { action: "deny", tool: "close_ticket" },
        { action: "allow", tool: "*" },
      ],
      {},
      "denied",
    ],
    [
      "tells what destroys from what does not",
      [{ action: "allow", destructive: false }],
      { destructive: true },
      "denied",
    ],
    ["wants all of a rule to fit", [{ action: "allow", tool: "close_ticket", tag: "notes" }], {}, "denied"],
  ])("%s", async (_, rules, fields, decision) => {
    const { gate, decisions, receipts } = gateOf(rules);
    const done: string[] = [];
    const outcome = await gate
      .run(request(fields), async () => void done.push("done"))
      .then(
        () => "allowed",
        (error: { code: string }) => error.code,
      );
    expect(decisions()).toEqual([decision]);
    expect(outcome).toBe(decision === "allowed" ? "allowed" : "policy_denied");
    expect(done).toHaveLength(decision === "allowed" ? 1 : 0);
    expect(receipts).toHaveLength(decision === "allowed" ? 2 : 1);
  });

  it.each<[string, unknown, RegExp]>([
    ["is no map", [], /the policy must be a map/],
    ["has no version", { rules: [] }, /`policy_version` must be 1/],
    ["is of another version", { policy_version: 2 }, /`policy_version` must be 1/],
    ["misspells a key", { policy_version: 1, rule: [] }, /has no key `rule`; it knows policy_version/],
    [
      "misspells a key of a rule",
      { policy_version: 1, rules: [{ action: "deny", tools: "a" }] },
      /rules\/0 has no key `tools`/,
    ],
    [
      "has rules without an action",
      { policy_version: 1, rules: [{ tool: "a" }] },
      /rules\/0\/action must be one of allow, deny, confirm/,
    ],
    [
      "has an empty list, which would fit nothing",
      { policy_version: 1, rules: [{ action: "deny", tool: [] }] },
      /rules\/0\/tool must be a name/,
    ],
    [
      "has names that are none",
      { policy_version: 1, rules: [{ action: "deny", tag: [7] }] },
      /rules\/0\/tag/,
    ],
    [
      "has a broken entity key",
      { policy_version: 1, rules: [{ action: "allow", entity_key: "a:{id" }] },
      /rules\/0\/entity_key/,
    ],
    [
      "remembers for no time",
      { policy_version: 1, rules: [{ action: "allow", dedup_seconds: 0 }] },
      /rules\/0\/dedup_seconds/,
    ],
    ["has another default", { policy_version: 1, default: "maybe" }, /default must be one of/],
  ])("that %s is refused, with its place", (_, data, message) => {
    expect(() => readPolicy(data)).toThrow(message);
  });
});

describe("canonical JSON", () => {
  it("is the same for equal values, whatever the order of keys, and differs for all others", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(turned)).toBe(canonicalJson(value));
        // Negative zero is zero in JSON.
        expect(JSON.parse(canonicalJson(value) ?? "")).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    const kinds = [1n, "1", 1, new Uint8Array([49]), new Date(1), [1], { 0: 1 }].map(canonicalJson);
    expect(new Set(kinds).size).toBe(kinds.length);
  });

  it("knows no text for what cannot be compared", () => {
    expect(canonicalJson({ file: { data: new ReadableStream() } })).toBeUndefined();
    expect(canonicalJson([() => 1])).toBeUndefined();
  });
});
