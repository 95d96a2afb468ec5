import { describe, expect, it } from "vitest";
import { descriptor, told } from "./told.ts";

const output = (text: string): ReturnType<typeof told> => told(text, "secret/in-output");

const chain = (operation: string, extract = 'session: "$.data.session"'): string =>
  descriptor(`
base_url: https://api.desk.com
credential_chains:
  - chain_id: login
    description: Log in.
    initial_credentials_required: [password]
    steps:
      - step_name: session
        endpoint: /session
        body: { password: "{password}" }
        extract: { ${extract} }
    final_credential_name: session
authentication:
  - { type: api_key, credential_chain_id: login }
operations:
  - operation_id: open
    summary: Open
    auth_type_ref: api_key
    ${operation}
`);

const tool = (properties: string): string =>
  descriptor(`
base_url: https://api.desk.com
schemas:
  Hook: { type: object, properties: { id: { type: string }, clientSecret: { type: string } } }
authentication: [{ type: bearer }]
operations:
  - operation_id: read
    summary: Read
    auth_type_ref: bearer
    endpoint: /read
    response_schema: { type: object, properties: { ${properties} } }
mcp_config:
  enabled: true
  server_name: desk
  server_description: A desk.
  route_mappings: [{ operation_id: read, mcp_tool_name: read, mcp_tool_description: Read. }]
`);

describe("a credential in an operation's answer", () => {
  it("is there where the operation makes the very call that signs in", async () => {
    expect(await output(chain("endpoint: /session\n    method: POST"))).toEqual([
      {
        rule: "secret/in-output",
        severity: "warning",
        at: "/session",
        way: [
          "9 /session: the step `session` asks for it here",
          "11 session: `session` is taken from the answer here",
        ],
      },
    ]);
  });

  it("is told for the full URL and with a query as well", async () => {
    expect(
      await output(chain('endpoint: "https://api.desk.com/session?x=1"\n    method: POST')),
    ).toHaveLength(1);
  });

  it("is not there under another method or URL", async () => {
    expect(await output(chain("endpoint: /session\n    method: DELETE"))).toEqual([]);
    expect(await output(chain("endpoint: /sessions\n    method: POST"))).toEqual([]);
  });

  it("is there where the operation calls the token endpoint", async () => {
    const text = descriptor(`
authentication:
  - type: oauth2_client_credentials
    oauth: { token_url: "https://login.desk.com/token" }
operations:
  - { operation_id: fetch_token, summary: Token, method: POST, auth_type_ref: oauth2_client_credentials, endpoint: "https://login.desk.com/token" }
`);
    expect(await output(text)).toMatchObject([
      {
        at: '"https://login.desk.com/token"',
        way: ['4 "https://login.desk.com/token": `token_url` asks for it here'],
      },
    ]);
    expect(await output(text.replace("method: POST", "method: GET"))).toEqual([]);
  });

  it("is where the chain finds its credential, by the response schema of another operation", async () => {
    const schema = (name: string): string =>
      `endpoint: /me\n    response_schema: { properties: { data: { type: object, properties: { ${name}: { type: string } } } } }`;
    expect(await output(chain(schema("session")))).toEqual([
      {
        rule: "secret/in-output",
        severity: "warning",
        at: "session",
        way: [
          "6 password: the secret `password` is asked for here",
          "10 {password}: the request that asks for `session` uses it here",
          "11 session: `session` is taken from the answer here",
        ],
      },
    ]);
    expect(await output(chain(schema("subject")))).toEqual([]);
  });

  it("is not a top-level `token`: that may be the token of anything", async () => {
    const schema = "endpoint: /me\n    response_schema: { properties: { token: { type: string } } }";
    expect(await output(chain(schema, 'session: "$.token"'))).toEqual([]);
    expect(
      await output(chain(schema.replace("{ token", "{ access_token"), 'session: "$.access_token"')),
    ).toHaveLength(1);
  });

  it("is what an agent's tool shows, also behind a shared schema and in a list", async () => {
    expect(await output(tool('hooks: { type: array, items: { $ref: "#/schemas/Hook" } }'))).toEqual([
      {
        rule: "secret/in-output",
        severity: "warning",
        at: "clientSecret",
        way: ["16 read: an agent's tool calls the operation here"],
      },
    ]);
    expect(await output(tool("pin: { type: string, format: password }"))).toMatchObject([{ at: "pin" }]);
  });

  it("is not a count, a flag or another token, and not where there is no tool", async () => {
    expect(await output(tool("password: { type: boolean }, next_page_token: { type: string }"))).toEqual([]);
    expect(
      await output(tool("api_key: { type: string }").replace("enabled: true", "enabled: false")),
    ).toEqual([]);
  });
});

describe("an example, a default or a description of a secret", () => {
  const field = (more: string): string =>
    descriptor(`
base_url: https://api.desk.com
authentication:
  - type: bearer
    fields:
      - { key: token, label: Token, ${more} }
operations:
  - { operation_id: me, summary: Me, auth_type_ref: bearer, endpoint: /me }
`);
  const parameter = (more: string, examples = ""): string =>
    descriptor(`
base_url: https://api.desk.com
authentication: [{ type: bearer }]
operations:
  - operation_id: add
    summary: Add
    method: POST
    auth_type_ref: bearer
    endpoint: /users
    parameters: [{ name: secret_word, location: body, ${more} }]
    ${examples}
`);
  const random = "7Gx2qLm9Rt4vWz8KpJ3n";
  const shown = (text: string): ReturnType<typeof told> => told(text, "secret/in-example");

  it("looks like a real one", async () => {
    expect(await shown(field(`field_type: secret, example: ${random}`))).toEqual([
      {
        rule: "secret/in-example",
        severity: "warning",
        at: random,
        way: ["6 field_type: `token` is declared a secret here"],
      },
    ]);
    expect(await shown(field(`secret: true, description: "Like ${random}."`))).toMatchObject([
      { way: ["6 secret: `token` is declared a secret here"] },
    ]);
    expect(
      await shown(
        parameter("field_type: password", `examples: { one: { params: { secret_word: ${random} } } }`),
      ),
    ).toMatchObject([{ at: random }]);
  });

  it.each([
    "your-api-key-1234",
    "my-secret-token-2024",
    "tok_xxxxxxxxxxxxxxxx1",
    "abcdef1234567890",
    "123e4567-e89b-12d3-a456-426614174000",
    "Secret word",
  ])("does not look like one: %s", async (example) => {
    expect(await shown(field(`field_type: secret, example: ${example}`))).toEqual([]);
  });

  it("is no secret of its own where the field is none", async () => {
    expect(await shown(field(`example: ${random}`))).toEqual([]);
  });

  it("is a default that everyone knows", async () => {
    expect(await shown(parameter("field_type: password, default_value: changeme"))).toMatchObject([
      { at: "changeme" },
    ]);
    expect(await shown(parameter("field_type: string, default_value: changeme"))).toEqual([]);
  });
});
