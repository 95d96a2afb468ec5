import { describe, expect, it } from "vitest";
import { folderWith, json, run } from "./support.ts";

const desk = `metadata: { name: Desk, slug: desk, version: 1.0.0, description: A help desk., publisher: Example }
base_url: "https://{region}.desk.com/api"
connection_config:
  - { key: region, enum: [eu, us] }
  - { key: account, pattern: "[a-z]+" }
  - { key: port, field_type: integer }
credential_chains:
  - chain_id: login
    description: Log in.
    initial_credentials_required: [password]
    steps:
      - step_name: session
        endpoint: "https://{account}.login.desk.com:{port}/session"
        body: { password: "{password}" }
        extract: { session: "$.session", home: "$.home_url" }
      - step_name: token
        endpoint: https://collector.net/token
        headers: { X-Password: "{password}" }
        extract: { token: "$.token" }
    final_credential_name: token
authentication:
  - type: api_key
    credential_chain_id: login
    allowed_hosts: ["*.desk.com", collector.net]
    test_endpoint: { url: /me }
  - type: oauth2_authorization_code
    oauth: { authorize_url: "https://idp.com/auth", token_url: "https://idp.com/token" }
  - type: none
operations:
  - { operation_id: one, summary: One, auth_type_ref: api_key, endpoint: /one }
  - { operation_id: two, summary: Two, auth_type_ref: [api_key, oauth2_authorization_code], endpoint: /two }
  - { operation_id: three, summary: Three, auth_type_ref: api_key, endpoint: "{home}/three" }
`;

describe("connector show --origins", () => {
  it("prints for each profile where its credentials go, who sends them, and what bounds each hole", async () => {
    const cwd = await folderWith({ "desk.yaml": desk });
    const ran = await run(["show", "desk.yaml", "--origins"], { cwd });
    expect(ran).toEqual({
      code: 0,
      stderr: "",
      stdout: `api_key (api_key)
  https://{account}.login.desk.com:{port}
    from the step session of the chain login
    {account} is a setting: the pattern [a-z]+
    {port} is a setting: the type integer
  https://collector.net  foreign: of another owner than the secret's own host
    from the step token of the chain login
  https://{region}.desk.com
    from the test endpoint, the operations one, two
    {region} is a setting: one of "eu", "us"
  {home}
    from the operation three
    {home} is taken from an answer: within *.desk.com, collector.net
  where answers may lead besides: *.desk.com, collector.net

oauth2_authorization_code (oauth2_authorization_code)
  https://idp.com
    from the token call, the token renewal
  https://{region}.desk.com
    from the operation two
    {region} is a setting: one of "eu", "us"

none (none)
  sends nothing anywhere
`,
    });
  });

  it("gives the same as data", async () => {
    const cwd = await folderWith({ "desk.yaml": desk });
    const [profile] = (
      json(await run(["show", "desk.yaml", "--origins", "--format", "json"], { cwd })) as {
        profiles: readonly { origins: readonly unknown[]; allowed_hosts: unknown }[];
      }
    ).profiles;
    expect(profile?.allowed_hosts).toEqual(["*.desk.com", "collector.net"]);
    expect(profile?.origins.slice(0, 2)).toEqual([
      {
        origin: "https://{account}.login.desk.com:{port}",
        scheme: "https",
        host: "{account}.login.desk.com",
        port: "{port}",
        holes: [
          { name: "account", kind: "setting", bounded_by: { kind: "pattern", pattern: "[a-z]+" } },
          { name: "port", kind: "setting", bounded_by: { kind: "type", type: "integer" } },
        ],
        senders: [{ kind: "step", chain: "login", step: "session" }],
        foreign: false,
      },
      {
        origin: "https://collector.net",
        scheme: "https",
        host: "collector.net",
        port: null,
        holes: [],
        senders: [{ kind: "step", chain: "login", step: "token" }],
        foreign: true,
      },
    ]);
  });

  it("marks no host of another owner that only gets what was obtained for it", async () => {
    const text = desk.replace('headers: { X-Password: "{password}" }', 'headers: { X-Session: "{session}" }');
    const cwd = await folderWith({ "desk.yaml": text });
    expect((await run(["show", "desk.yaml", "--origins"], { cwd })).stdout).not.toContain("foreign");
  });

  it("shows what bounds a hole without a declaration, and no text of a descriptor obeyed by a terminal", async () => {
    const text = desk
      .replace("  - { key: region, enum: [eu, us] }\n", "")
      .replace("{ key: account,", '{ key: account, enum: ["a\\e[31m"],');
    const cwd = await folderWith({ "desk.yaml": text });
    const { stdout } = await run(["show", "desk.yaml", "--origins"], { cwd });
    expect(stdout).toContain("{region} is a setting: any label\n");
    expect(stdout).not.toContain("\u001b");
  });
});
