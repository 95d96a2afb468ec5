import { describe, it } from "vitest";
import { judgeCalls } from "./judge-calls.ts";

const documents = [
  "box.json",
  "discord.json",
  "github.json",
  "jira-platform.json",
  "notion.json",
  "paypal-orders.json",
  "sendgrid-mail.json",
  "twilio-messaging.json",
];

describe("calls of what was imported from OpenAPI", () => {
  it.each(documents)("%s: are valid by the document, with credentials where it says", (file) =>
    judgeCalls(file),
  );
});
