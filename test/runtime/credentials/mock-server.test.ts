import { type MutableResponse, OAuth2Server } from "oauth2-mock-server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Connection, createRuntime } from "../../../runtime/index.ts";
import { json, startServer, type TestServer } from "../../../runtime/testing/index.ts";
import { irOf } from "../../support/line.ts";

let identity: OAuth2Server;
let api: TestServer;
/** How often the token endpoint answered, and what it is to answer. */
let asked = 0;
let answer: (response: MutableResponse) => void = () => {};

beforeAll(async () => {
  identity = new OAuth2Server();
  await identity.issuer.keys.generate("RS256");
  await identity.start(0, "127.0.0.1");
  identity.service.on("beforeResponse", (response: MutableResponse) => {
    asked++;
    answer(response);
  });
  api = await startServer({ "GET /x": json(1) });
});
afterAll(async () => {
  await identity.stop();
  await api.close();
});
beforeEach(() => {
  asked = 0;
  answer = () => {};
});

let closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.map((close) => close()));
  closing = [];
});

const types = {
  oauth2_client_credentials: { client_id: "id", client_secret: "canary-secret" },
  oauth2_authorization_code: { client_id: "id", client_secret: "canary-secret", refresh_token: "canary-r0" },
} as const;

async function connect(type: keyof typeof types): Promise<Connection> {
  const at = `http://127.0.0.1:${identity.address().port}`;
  const runtime = createRuntime({ network: { allow: [api.host, new URL(at).host] } });
  closing.push(() => runtime.close());
  const authorize = type === "oauth2_authorization_code" ? ', authorize_url: "{identity}/authorize"' : "";
  const ir = await irOf(`
metadata: { name: Mock, slug: mock, description: An API behind a mock of a provider., publisher: Tests }
base_url: "{base_url}"
connection_config: [{ key: base_url, label: API }, { key: identity, label: Identity }]
authentication: [{ type: ${type}, profile_id: p, oauth: { token_url: "{identity}/token"${authorize} } }]
operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: p }]
`);
  return runtime.connect(ir, {
    credentials: types[type],
    config: { base_url: api.origin, identity: at },
  });
}

describe.each(["oauth2_client_credentials", "oauth2_authorization_code"] as const)(
  "oauth2-mock-server and %s",
  (type) => {
    test("agree", async () => {
      const connection = await connect(type);
      await Promise.all(Array.from({ length: 20 }, () => connection.call("op")));
      expect(asked).toBe(1);
    });

    test.each([
      ["no life", { expires_in: undefined }],
      ["a life in text", { expires_in: "3600" }],
      ["a life of nothing", { expires_in: 0 }],
      ["a negative life", { expires_in: -1 }],
      ["a fraction", { expires_in: 3599.5 }],
      ["a life that is no number", { expires_in: "soon" }],
      ["another spelling of Bearer", { token_type: "bEARER" }],
      ["less than was asked for", { scope: "read" }],
      ["an error of null", { error: null }],
    ])("agree over %s: one token serves several calls", async (_, odd) => {
      answer = (response) => {
        response.body = { access_token: "t", token_type: "Bearer", expires_in: 3600, ...odd };
      };
      const connection = await connect(type);
      await connection.call("op");
      await connection.call("op");
      expect(asked).toBe(1);
    });

    test.each([
      ["invalid_grant", 400],
      ["invalid_client", 401],
      ["unauthorized_client", 400],
    ])("stop at %s", async (error, statusCode) => {
      answer = (response) => {
        response.statusCode = statusCode;
        response.body = { error, error_description: "no with canary-secret" };
      };
      const connection = await connect(type);
      for (let call = 0; call < 3; call++) {
        const outcome = await connection.attempt("op");
        expect(outcome).toMatchObject({
          error: {
            code: type === "oauth2_authorization_code" ? "reauthorization_required" : "authentication_failed",
            message: expect.stringContaining("no with [secret]"),
          },
        });
      }
      expect(asked).toBe(1);
    });

    test.each([
      ["no token", {}],
      ["a token that is no text", { access_token: { a: 1 } }],
      ["an empty token", { access_token: "" }],
      ["a list", []],
      ["null", null],
    ])("do not agree over %s, and it is said", async (_, body) => {
      answer = (response) => {
        response.body = body as typeof response.body;
      };
      const connection = await connect(type);
      expect(await connection.attempt("op")).toMatchObject({
        ok: false,
        error: { code: "chain_step_failed", message: expect.stringContaining("$.access_token") },
      });
    });
  },
);
