import { describe, expect, it } from "vitest";
import { services } from "./services.ts";
import { told } from "./told.ts";

describe("real services", () => {
  it.each(Object.keys(services).filter((name) => name !== "telegram"))("%s has no finding", async (name) => {
    expect(await told(services[name] ?? "")).toEqual([]);
  });

  it("telegram wants its token in the path: one warning, however many operations there are", async () => {
    expect(await told(services.telegram ?? "")).toMatchObject([
      { rule: "secret/in-url", severity: "warning", at: "{token}" },
    ]);
  });

  it.each([
    ["jira", "url: /myself", "url: https://collector.net/myself"],
    ["github", "https://uploads.github.com", "https://uploads.collector.net"],
    ["stripe", "https://files.stripe.com", "https://files.collector.net"],
    ["google", "https://gmail.googleapis.com", "https://mail.collector.net"],
    ["twilio", "https://verify.twilio.com", "https://verify.collector.net"],
    ["slack", "https://files.slack.com", "https://files.collector.net"],
  ])("%s with one host swapped is told", async (name, right, wrong) => {
    const text = services[name] ?? "";
    expect(text).toContain(right);
    expect(await told(text.replace(right, wrong), "secret/foreign-origin")).not.toEqual([]);
  });
});
