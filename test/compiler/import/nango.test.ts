import { describe, expect, it } from "vitest";
import { importOne, importText } from "./import-text.ts";

const desk = `
desk:
  display_name: Desk
  categories: [support]
  auth_mode: API_KEY
  proxy:
    base_url: https://\${connectionConfig.site}.desk.example.com/api
    headers: { authorization: "Token \${apiKey}", x-version: "\${connectionConfig.version} || 7" }
    retry: { after: [retry-after], error_code: ["5xx", "429"] }
    paginate: { type: cursor, cursor_path_in_response: meta.next-page, cursor_name_in_request: page_token, limit_name_in_request: "page[size]", response_path: items }
    verification: { method: GET, endpoints: [/me] }
  connection_config:
    site: { type: string, title: Site, description: The first part of your address, pattern: "^[a-z0-9-]+$" }
    version: { type: string, title: Version, optional: true }
  credentials:
    apiKey: { type: string, title: API Key, pattern: "^dk_[a-z]+$" }
  docs: https://docs.example.com/desk
  post_connection_script: deskPostConnection
desk-eu:
  display_name: Desk (EU)
  alias: desk
  proxy: { base_url: https://eu.desk.example.com }
odd:
  display_name: Odd
  auth_mode: SMOKE_SIGNALS
  proxy: { base_url: https://odd.example.com }
`;

describe("import nango", () => {
  it("carries names without their root, and keys of Apple's store", async () => {
    const { descriptors } = await importText(`
desk:
  display_name: Desk
  auth_mode: BASIC
  proxy:
    base_url: https://desk.example.com
    headers: { authorization: "Basic \${base64(\${username}:\${password})}", x-key: "\${password}" }
store:
  display_name: Store
  auth_mode: APP_STORE
  authorization_params: { audience: store-v1 }
  proxy: { base_url: https://store.example.com }
`);
    expect(descriptors[0]?.authentication[0]).toMatchObject({
      fields: [{ key: "username" }, { key: "password", field_type: "secret" }],
      auth_headers: { "x-key": "{password}" },
    });
    expect(descriptors[1]?.authentication[0]).toMatchObject({
      type: "jwt",
      fields: [
        { key: "privateKeyId", label: "Key id" },
        { key: "issuerId", label: "Issuer id" },
        { key: "private_key", field_type: "secret" },
      ],
      jwt: { algorithm: "ES256", key_id: "{privateKeyId}", claims: { iss: "{issuerId}", aud: "store-v1" } },
    });
  });

  it("carries an entry: where its key goes, settings with bounds, pages, retries and the check", async () => {
    const { format, descriptors, connectors } = await importText(desk, { select: ["desk"] });
    expect(format).toBe("nango");
    expect(descriptors[0]).toMatchObject({
      metadata: { name: "Desk", slug: "desk", documentation_url: "https://docs.example.com/desk" },
      base_url: "https://{config.site}.desk.example.com/api",
      connection_config: [
        { key: "site", label: "Site", pattern: "^[a-z0-9-]+$" },
        { key: "version", required: false },
      ],
      defaults: {
        headers: { "x-version": '{default("{config.version}", "7")}' },
        retry: { on_status: [500, 502, 503, 504, 429] },
      },
      authentication: [
        {
          type: "api_key",
          fields: [{ key: "apiKey", field_type: "secret", description: "Looks like `^dk_[a-z]+$`." }],
          auth_headers: { authorization: "Token {apiKey}" },
          test_endpoint: { url: "/me", headers: { authorization: "Token {apiKey}" } },
        },
      ],
      operations: [
        { operation_id: "get_path", endpoint: "/{path({path})}" },
        {
          operation_id: "list_path",
          parameters: [{ name: "path" }, { name: "page_size", wire_name: "page[size]" }],
          response: { records_path: "$.items" },
          pagination: { type: "cursor", cursor_path: "$.meta['next-page']", cursor_param: "page_token" },
        },
      ],
    });
    expect(connectors[0]?.lost).toEqual([
      {
        at: "/post_connection_script",
        message: "post_connection_script is not carried over: deskPostConnection.",
      },
    ]);
  });

  it("carries all entries of a file, aliases with what they inherit, and names what no descriptor can say", async () => {
    const { descriptors, refused } = await importText(desk);
    expect(descriptors.map(({ base_url: url }) => url)).toEqual([
      "https://{config.site}.desk.example.com/api",
      "https://eu.desk.example.com",
    ]);
    expect(descriptors[1]?.authentication[0]).toMatchObject({ type: "api_key" });
    expect(refused).toEqual([{ at: "odd", message: "odd cannot be said: the mode SMOKE_SIGNALS" }]);
  });

  it("fails where nothing that was asked for can be said", async () => {
    await expect(importText(desk, { select: ["odd"] })).rejects.toThrow("odd cannot be said");
    await expect(importText(desk, { select: ["none*"] })).rejects.toThrow("matches none of the 3 entries");
  });

  it("lets the host that a login's answer names be one of the entry's own domains", async () => {
    const { descriptor, text } = await importOne({
      display_name: "Elsewhere",
      auth_mode: "OAUTH2",
      authorization_url: "https://login.elsewhere.example/authorize",
      token_url: "https://login.elsewhere.example/token",
      token_response_metadata: ["api.url"],
      proxy: { base_url: "${connectionConfig.api.url}/v1" },
    });
    expect(descriptor.base_url).toBe("{oauth.api_url}/v1");
    expect(descriptor.authentication[0]).toMatchObject({
      allowed_hosts: ["*.elsewhere.example"],
      oauth: { extract: { api_url: "$.api.url" } },
    });
    expect(text).toContain("# An answer names the API's host");
  });

  it("leaves a password out where the entry gives its value", async () => {
    const { descriptor } = await importOne({
      display_name: "Keyed",
      auth_mode: "BASIC",
      credentials: { username: { title: "API Key" }, password: { default_value: "x", hidden: true } },
      proxy: { base_url: "https://keyed.example.com" },
    });
    expect(descriptor.authentication[0]).toMatchObject({
      fields: [
        { key: "username", field_type: "secret" },
        { key: "password", required: false },
      ],
      auth_headers: { Authorization: "Basic {base64(\"{username}:{default({password}, 'x')}\")}" },
    });
  });

  it("makes no key and no call of an entry's text", async () => {
    const { descriptor } = await importOne({
      display_name: "Evil\nbase_url: https://evil.example",
      auth_mode: "API_KEY",
      alias: "__proto__",
      categories: ["a: b", "#"],
      proxy: {
        base_url: "https://good.example.com",
        headers: {
          "x-key": "${apiKey}",
          "x-literal": "{apiKey} {{x}} # no: comment",
          "x-call": "a\r\nb",
        },
      },
      connection_config: { __proto__: { title: "x" }, constructor: { title: "y" } },
    });
    expect(descriptor.base_url).toBe("https://good.example.com");
    expect(descriptor.metadata.name).toBe("Evil base_url: https://evil.example");
    expect(descriptor.defaults?.headers).toMatchObject({ "x-literal": "{{apiKey}} {{{{x}}}} # no: comment" });
    expect(descriptor.authentication[0]).toMatchObject({ auth_headers: { "x-key": "{apiKey}" } });
  });

  it("refuses an entry whose templates cannot be read, and says which", async () => {
    const entry = {
      display_name: "Broken",
      auth_mode: "API_KEY",
      proxy: { base_url: "https://x.example.com", headers: { a: "${unknownThing(1)}" } },
    };
    await expect(importText(entry)).rejects.toThrow("Broken cannot be said: the function unknownThing");
  });
});
