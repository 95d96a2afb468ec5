import { describe, expect, it } from "vitest";
import { catalog } from "../../compiler/catalog.ts";
import type { RuleId } from "../../compiler/diagnostics.ts";
import { createPolicy, isBlocking } from "../../compiler/policy.ts";

const ids = Object.keys(catalog) as RuleId[];

describe("policy", () => {
  it("has larger presets hold all that smaller ones hold", () => {
    const on = (preset: "minimal" | "recommended" | "strict"): Set<RuleId> => {
      const judge = createPolicy({ preset });
      return new Set(ids.filter((rule) => judge(rule) !== "off"));
    };
    const [minimal, recommended, strict] = [on("minimal"), on("recommended"), on("strict")];
    expect([...minimal].filter((rule) => !recommended.has(rule))).toEqual([]);
    expect([...recommended].filter((rule) => !strict.has(rule))).toEqual([]);
    expect(minimal.size).toBeLessThan(recommended.size);
    expect(recommended.size).toBeLessThan(strict.size);
    expect([...minimal].filter((rule) => catalog[rule]?.severity !== "error")).toEqual([]);
  });

  it("is the recommended preset when nothing is said", () => {
    const [said, unsaid] = [createPolicy({ preset: "recommended" }), createPolicy()];
    expect(ids.map((rule) => unsaid(rule))).toEqual(ids.map((rule) => said(rule)));
  });

  it("lets single rules win over the preset, in both directions", () => {
    const judge = createPolicy({
      preset: "minimal",
      rules: { "setting/unused": "error", "url/insecure": "off" },
    });
    expect(judge("setting/unused")).toBe("error");
    expect(judge("url/insecure")).toBe("off");
  });

  it("leaves errors that cannot be compiled as they are", () => {
    const judge = createPolicy({ rules: { "yaml/syntax": "off", "reference/unknown-profile": "info" } });
    expect(judge("yaml/syntax")).toBe("error");
    expect(judge("reference/unknown-profile")).toBe("error");
    expect(isBlocking("secret/literal")).toBe(false);
    expect(isBlocking("ignore/no-reason")).toBe(false);
  });

  it("calls no rule blocking whose own severity is less than an error", () => {
    expect(ids.filter((rule) => isBlocking(rule) && catalog[rule]?.severity !== "error")).toEqual([]);
  });
});
