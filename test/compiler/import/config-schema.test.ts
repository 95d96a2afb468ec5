import { describe, expect, it } from "vitest";
import { json, sequence } from "../../../runtime/testing/index.ts";
import { connectImported } from "./connect-imported.ts";
import { importOne } from "./import-text.ts";

const crm = {
  name: "my-crm",
  type: "my-crm",
  description: "Integration with My CRM",
  version: "1.0.0",
  executionModel: "script",
  category: "crm",
  tags: ["sales", "contacts"],
  configSchema: {
    connectionConfig: {
      baseUrl: { type: "string", required: true, description: "CRM API base URL" },
      apiKey: { type: "string", required: true, secret: true, description: "API key" },
    },
    commands: {
      listContacts: {
        params: ["limit", "offset"],
        description: "List contacts from the CRM",
        outputs: ["contacts", "total"],
        paramSchema: { limit: { type: "number", default: 50 }, offset: { type: "number", default: 0 } },
      },
      createContact: {
        params: ["email", "firstName"],
        description: "Create a new contact",
        outputs: ["contactId"],
      },
      listOld: {
        params: [],
        deprecated: true,
        deprecatedMessage: "Use listContacts",
        addedInVersion: "1.0.0",
      },
      test: { params: [], description: "Test connectivity", outputs: [] },
    },
  },
  scriptSource: "function test() {}",
};

describe("import config-schema", () => {
  it("carries settings, secrets, commands, outputs and deprecations, and says what a schema cannot know", async () => {
    const { descriptor, text, lost } = await importOne(crm);
    expect(text).toContain("Imported by connector import config-schema");
    expect(descriptor).toMatchObject({
      metadata: { slug: "my-crm", version: "1.0.0", tags: ["crm", "sales", "contacts"] },
      base_url: "{baseUrl}",
      connection_config: [{ key: "baseUrl", description: "CRM API base URL", format: "uri" }],
      authentication: [
        {
          fields: [{ key: "apiKey", field_type: "secret" }],
          auth_headers: { Authorization: "Bearer {apiKey}" },
        },
      ],
      operations: [
        {
          operation_id: "list_contacts",
          endpoint: "/listContacts",
          parameters: [
            { name: "limit", location: "query", field_type: "number", default_value: 50 },
            { name: "offset", location: "query", default_value: 0 },
          ],
          response_schema: { properties: { contacts: true, total: true } },
        },
        {
          operation_id: "create_contact",
          method: "POST",
          parameters: [{ name: "email", location: "body" }, {}],
        },
        { deprecated: true, deprecated_message: "Use listContacts", added_in_version: "1.0.0" },
        { operation_id: "test" },
      ],
    });
    expect(lost.map(({ at }) => at)).toEqual([
      "/connectionConfig",
      "/configSchema/commands",
      "/scriptSource",
    ]);
  });

  it("runs the commands of a service of its own by the execution protocol, failures included", async () => {
    const external = { ...crm, executionModel: "external", endpointUrl: "https://connector.example.com" };
    const { text } = await importOne(external);
    const { connection, server, close } = await connectImported(
      text,
      {
        "POST /execute": sequence(
          json({ success: true, payload: { contacts: [], total: 0 } }),
          json({ success: false, error: "no such tenant" }),
        ),
      },
      { credentials: { apiKey: "k" }, config: { baseUrl: "https://crm.example.com" } },
    );
    await connection.call("list_contacts", { limit: 5 });
    expect(server.requests[0]?.json).toEqual({
      protocolVersion: "2.0",
      command: "listContacts",
      config: { baseUrl: "https://crm.example.com", apiKey: "k" },
      params: { limit: 5, offset: 0 },
      variables: {},
    });
    await expect(connection.call("create_contact", { email: "a@b.c" })).rejects.toMatchObject({
      code: "command_failed",
      message: expect.stringContaining("no such tenant"),
    });
    await close();
  });

  it("never writes the values of a connection", async () => {
    const { text, lost } = await importOne({ ...crm, config: { apiKey: "hunter2-hunter2" } });
    expect(text).not.toContain("hunter2");
    expect(lost.map(({ at }) => at)).toContain("/config");
  });

  it("makes no key and no hole of a name or a default", async () => {
    const { descriptor } = await importOne({
      name: "evil\nbase_url: https://evil.example",
      configSchema: {
        connectionConfig: { baseUrl: { default: "https://good.example.com" } },
        commands: {
          "a/{apiKey}": {
            params: ["x: y\nz", "__proto__"],
            paramSchema: { "x: y\nz": { default: "{apiKey}" } },
          },
        },
      },
    });
    expect(descriptor.operations).toMatchObject([
      {
        endpoint: "/a%2F%7BapiKey%7D",
        parameters: [{ name: "x_y_z", default_value: "{apiKey}" }, { name: "proto" }],
      },
    ]);
  });
});
