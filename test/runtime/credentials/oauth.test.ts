import { afterEach, describe, expect, it } from "vitest";
import { json, status, tokenEndpoint } from "../../../runtime/testing/index.ts";
import { descriptor, type Line, line } from "../../support/line.ts";

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

const yaml = (oauth = "", type = "oauth2_client_credentials"): string =>
  descriptor(
    "operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: [oauth] }]",
    `  - type: ${type}\n    profile_id: oauth\n    oauth: { token_url: "{base_url}/token", authorize_url: "{base_url}/authorize", default_scopes: [read, write]${oauth} }`,
  );
const credentials = { client_id: "id/1", client_secret: "se cret" };

describe("client credentials", () => {
  it("obtain a token by form and send it as bearer", async () => {
    const tokens = tokenEndpoint();
    const made = await line(
      yaml().replace(', authorize_url: "{base_url}/authorize"', ""),
      { "POST /token": tokens.handler, "GET /x": tokens.protect(json(1)) },
      { connect: { credentials } },
    );
    open.push(made);
    expect(await made.connection.call("op")).toMatchObject({ data: 1, attempts: 1 });
    const [token] = made.server.requests;
    expect(Object.fromEntries(token?.form ?? [])).toEqual({
      grant_type: "client_credentials",
      scope: "read write",
      client_id: "id/1",
      client_secret: "se cret",
    });
    expect(token?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
  });

  it("authenticate the client by Basic, each part encoded first", async () => {
    const made = await line(
      yaml(", client_auth: basic").replace(', authorize_url: "{base_url}/authorize"', ""),
      { "POST /token": json({ access_token: "a" }), "GET /x": json(1) },
      { connect: { credentials } },
    );
    open.push(made);
    await made.connection.call("op");
    expect(made.server.requests[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from("id%2F1:se%20cret").toString("base64")}`,
    );
    expect(made.server.requests[0]?.text).not.toContain("client_secret");
  });

  it.each([
    ["no life at all", {}, 0],
    ["a life in text", { expires_in: "60" }, 1],
    ["a life of nothing", { expires_in: 0 }, 0],
    ["a negative life", { expires_in: -5 }, 0],
    ["null", { expires_in: null }, 0],
  ])("take %s", async (_, life, renewals) => {
    const made = await line(
      yaml().replace(', authorize_url: "{base_url}/authorize"', ""),
      { "POST /token": json({ access_token: "a", ...life }), "GET /x": json(1) },
      { connect: { credentials } },
    );
    open.push(made);
    await made.connection.call("op");
    made.clock.jump(61_000);
    await made.connection.call("op");
    expect(made.server.times("/token")).toBe(1 + renewals);
  });

  it("are authentication_failed for good when the client is refused", async () => {
    const made = await line(
      yaml().replace(', authorize_url: "{base_url}/authorize"', ""),
      {
        "POST /token": status(401, {
          error: "invalid_client",
          error_description: "client id/1 with se cret is unknown",
        }),
      },
      { connect: { credentials } },
    );
    open.push(made);
    const outcome = await made.connection.attempt("op");
    expect(outcome).toMatchObject({
      ok: false,
      error: { code: "authentication_failed", status: 401, details: { server_code: "invalid_client" } },
    });
    expect(JSON.stringify(outcome) + (outcome.ok ? "" : outcome.error.message)).not.toContain("se cret");
    made.clock.jump(86_400_000);
    await made.connection.attempt("op");
    expect(made.server.times("/token")).toBe(1);
  });
});

describe("other grants", () => {
  it("use a token that is given, and say what is missing without one", async () => {
    const made = await line(
      yaml("", "oauth2_authorization_code"),
      { "GET /x": json(1) },
      { connect: { credentials: { access_token: "given-token" } } },
    );
    open.push(made);
    await made.connection.call("op");
    expect(made.server.requests[0]?.headers.authorization).toBe("Bearer given-token");
    const without = made.runtime.connect(made.ir, { credentials, config: { base_url: made.server.origin } });
    await expect(without.call("op")).rejects.toMatchObject({
      code: "reauthorization_required",
      message: expect.stringContaining("access_token"),
    });
  });
});
