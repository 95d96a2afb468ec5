import { afterEach, describe, expect, it } from "vitest";
import { json, type Reply, text } from "../../../runtime/testing/index.ts";
import { descriptor, type Line, line } from "../../support/line.ts";

let made: Line | undefined;
afterEach(async () => {
  await made?.close();
  made = undefined;
});

const chain = (extract: string, rest = ""): string =>
  descriptor(
    `credential_chains:
  - chain_id: login
    description: Log in
    initial_credentials_required: [key]
    final_credential_name: got
    steps: [{ step_name: login, endpoint: "{base_url}/login", headers: { k: "{key}" }, extract: { got: ${extract} }${rest} }]
operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: api_key, auth_headers: { X-Token: "{got}" } }]`,
    "  - type: api_key\n    credential_chain_id: login",
  );

const jwt = (claims: object): string =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.sig`;

describe("an extract", () => {
  it.each([
    ["a header", "{ header: X-Auth }", { headers: { "x-auth": "from-header" } }, "from-header"],
    [
      "a cookie",
      "{ cookie: sid }",
      { headers: { "set-cookie": ["a=1", "sid=from-cookie; Path=/; HttpOnly"] }, text: "<html>" },
      "from-cookie",
    ],
    ["the whole text", "{ text: true }", { text: "from-text\n" }, "from-text"],
    ["a number in the body", "$.n", { json: { n: 12 } }, "12"],
    ["an element of a list", "'$.a[0].b'", { json: { a: [{ b: "deep" }] } }, "deep"],
  ] as const)("takes %s", async (_, extract, reply, expected) => {
    made = await line(
      chain(extract),
      { "POST /login": reply as Reply, "GET /x": json(1) },
      { connect: { credentials: { key: "k-1" } } },
    );
    await made.connection.call("op");
    expect(made.server.requests[1]?.headers["x-token"]).toBe(expected);
  });

  it.each([
    ["nothing", "$.token", json({}), "found nothing"],
    ["several", "'$.list[*]'", json({ list: ["a", "b"] }), "found 2 values"],
    ["an object", "$.o", json({ o: {} }), "no plain text"],
    ["null", "$.o", json({ o: null }), "no plain text"],
    ["no JSON", "$.o", text("<html>", { headers: { "content-type": "text/html" } }), "HTML"],
  ])("that hits %s fails the step", async (_, extract, reply, message) => {
    made = await line(chain(extract), { "POST /login": reply }, { connect: { credentials: { key: "k-1" } } });
    await expect(made.connection.call("op")).rejects.toMatchObject({
      code: "chain_step_failed",
      details: { step: "login" },
      message: expect.stringContaining(message),
      status: 200,
    });
  });
});

describe("a step's life", () => {
  it.each([
    ["ttl_seconds", "$.t", ", ttl_seconds: 50", { t: "a" }, 51, 2],
    ["ttl_seconds, before", "$.t", ", ttl_seconds: 50", { t: "a" }, 40, 1],
    ["none", "$.t", "", { t: "a" }, 1e6, 1],
    ["exp and iat of a JWT", "$.t", ", ttl_from: jwt_exp", { t: jwt({ iat: 1000, exp: 1050 }) }, 51, 2],
    ["exp of a JWT", "$.t", ", ttl_from: jwt_exp", { t: jwt({ exp: 1_767_225_600 + 50 }) }, 51, 2],
    ["no JWT", "$.t", ", ttl_from: jwt_exp", { t: "opaque" }, 1e6, 1],
  ])("by %s", async (_, extract, rest, body, seconds, calls) => {
    made = await line(
      chain(extract, rest),
      { "POST /login": json(body), "GET /x": json(1) },
      { connect: { credentials: { key: "k-1" } } },
    );
    await made.connection.call("op");
    made.clock.jump(seconds * 1000);
    await made.connection.call("op");
    expect(made.server.times("/login")).toBe(calls);
  });
});

describe("a base URL that a response supplies", () => {
  const yaml = (allowed: string): string => `
metadata: { name: Instance, slug: instance, description: The token names the host., publisher: Tests }
connection_config: [{ key: login_url, label: Login }]
credential_chains:
  - chain_id: login
    description: Log in
    initial_credentials_required: [key]
    final_credential_name: token
    steps: [{ step_name: login, endpoint: "{login_url}/login", headers: { k: "{key}" }, extract: { token: $.token, instance_url: $.instance } }]
authentication: [{ type: api_key, credential_chain_id: login${allowed} }]
operations: [{ operation_id: op, summary: One, endpoint: "{chain.instance_url}/x", auth_type_ref: api_key, credential_field: token }]`;

  it("is refused unless allowed_hosts admits it", async () => {
    made = await line(
      yaml(", allowed_hosts: [other.example]"),
      {},
      { connect: { credentials: { key: "k-1" }, config: { login_url: "https://unused.example" } } },
    );
    const { server, runtime, ir } = made;
    server.reply({
      "POST /login": json({ token: "t", instance: "https://evil.example" }),
      "GET /x": json(1),
    });
    const connection = runtime.connect(ir, {
      credentials: { key: "k-1" },
      config: { login_url: server.origin },
    });
    await expect(connection.call("op")).rejects.toMatchObject({
      code: "destination_blocked",
      message: expect.stringContaining("allowed_hosts"),
    });
  });

  it("is followed where allowed_hosts names it", async () => {
    made = await line(
      yaml(", allowed_hosts: ['localhost']"),
      {},
      { connect: { credentials: { key: "k-1" }, config: { login_url: "https://unused.example" } } },
    );
    const { server, runtime, ir } = made;
    server.reply({ "POST /login": json({ token: "t", instance: server.origin }), "GET /x": json("arrived") });
    const connection = runtime.connect(ir, {
      credentials: { key: "k-1" },
      config: { login_url: server.origin },
    });
    expect(await connection.call("op")).toMatchObject({ data: "arrived" });
  });
});
