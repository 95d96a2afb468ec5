import { describe, expect, it } from "vitest";
import { clientErrors } from "./client-errors.ts";
import { corpusDocument } from "./imported.ts";

const documents = [
  "box.json",
  "discord.json",
  "github.json",
  "jira-platform.json",
  "notion.json",
  "paypal-orders.json",
  "sendgrid-mail.json",
  "slack-web-swagger2.json",
  "twilio-messaging.json",
  "zoom-swagger2.json",
];

describe("clients of what was imported from OpenAPI", () => {
  it.each(documents)("%s: type-checks", async (file) => {
    const path = corpusDocument(file);
    if (path !== undefined) expect(await clientErrors(path)).toEqual([]);
  });
});
