import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { json, type Routes, status } from "../../../runtime/testing/index.ts";
import { readJwt, rsaKeys } from "../../support/jwt.ts";
import { descriptor, type Line, line } from "../../support/line.ts";

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

const operations = "operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: p }]";
const keys = rsaKeys();

async function connect(authentication: string, routes: Routes, credentials: Record<string, unknown>) {
  const made = await line(descriptor(operations, authentication), routes, { connect: { credentials } });
  open.push(made);
  return made;
}

describe("a service account", () => {
  const keyFile = {
    type: "service_account",
    client_email: "robot@project.iam.example",
    private_key: keys.pem,
    private_key_id: "k1",
    token_uri: "https://oauth2.example/token",
  };
  const profile = (oauth: string, more = ""): string =>
    `  - type: service_account\n    profile_id: p\n    oauth: { default_scopes: [a, b]${oauth} }${more}`;
  const routes: Routes = { "POST /token": json({ access_token: "t", expires_in: 3600 }), "GET /x": json(1) };
  const named = ', token_url: "{base_url}/token"';

  test.each([
    ["an object", (file: object): unknown => file],
    ["the text of the file", (file: object): unknown => `\n${JSON.stringify(file, null, 2)}\n`],
  ])("given as %s asks with a signed assertion", async (_, form) => {
    const made = await connect(profile(`${named}, subject: ada@example.com`), routes, {
      service_account_json: form(keyFile),
    });
    await made.connection.call("op");
    await made.connection.call("op");
    const [token, ...calls] = made.server.requests;
    expect(token?.form.get("grant_type")).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
    const { header, claims } = readJwt(token?.form.get("assertion") ?? "", keys.publicKey);
    const now = Math.floor(made.clock.wall() / 1000);
    expect(header).toEqual({ typ: "JWT", alg: "RS256", kid: "k1" });
    expect(claims).toEqual({
      iss: keyFile.client_email,
      sub: "ada@example.com",
      scope: "a b",
      aud: `${made.server.origin}/token`,
      iat: now,
      exp: now + 3600,
    });
    expect(calls.map(({ headers }) => headers.authorization)).toEqual(["Bearer t", "Bearer t"]);
  });

  test("that names its own token URL is sent nowhere that the descriptor does not name", async () => {
    const thief = await connect("  - { type: none, profile_id: p }", routes, {});
    const made = await connect(profile(""), routes, {
      service_account_json: { ...keyFile, token_uri: `${thief.server.origin}/token` },
    });
    await expect(made.connection.call("op")).rejects.toMatchObject({
      code: "destination_blocked",
      message: expect.stringContaining("`allowed_hosts`"),
    });
    expect(thief.server.requests).toHaveLength(0);
  });

  test("that names its own token URL is sent there where a host admits it", async () => {
    const made = await connect(profile("", '\n    allowed_hosts: ["127.0.0.1"]'), routes, {});
    const connection = made.runtime.connect(made.ir, {
      credentials: { service_account_json: { ...keyFile, token_uri: `${made.server.origin}/token` } },
      config: { base_url: made.server.origin },
    });
    expect(await connection.call("op")).toMatchObject({ data: 1 });
  });

  test("whose token URL is plain http is refused", async () => {
    const made = await connect(profile("", "\n    allowed_hosts: [oauth2.example]"), routes, {
      service_account_json: { ...keyFile, token_uri: "http://oauth2.example/token" },
    });
    await expect(made.connection.call("op")).rejects.toMatchObject({
      code: "destination_blocked",
      message: expect.stringContaining("use https"),
    });
  });

  test.each([
    ["no JSON", "{ nonsense", "configuration", "is no JSON"],
    ["no key", { ...keyFile, private_key: undefined }, "missing_credential", '"private_key" of credential'],
    [
      "no key that can be read",
      { ...keyFile, private_key: "canary-key" },
      "configuration",
      "cannot be signed",
    ],
  ])("file with %s says so", async (_, file, code, message) => {
    const failed = await connect(profile(named), routes, {
      service_account_json: typeof file === "string" ? file : JSON.parse(JSON.stringify(file)),
    })
      .then((made) => made.connection.call("op"))
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(inspect(failed, { depth: 9 })).not.toMatch(/canary|nonsense|BEGIN/);
  });
});

describe("a client that signs", () => {
  const profile = `  - type: oauth2_client_credentials
    profile_id: p
    fields: [{ key: client_id, label: Client }, { key: private_key, label: Key, secret: true }]
    oauth: { token_url: "{base_url}/token", client_auth: private_key_jwt, client_assertion: { key: "{private_key}", key_id: k9 } }`;
  const credentials = { client_id: "me", private_key: keys.pem };

  test("proves itself with another assertion each time, and no secret", async () => {
    const made = await connect(
      profile,
      { "POST /token": json({ access_token: "t", expires_in: 60 }), "GET /x": json(1) },
      credentials,
    );
    await made.connection.call("op");
    await made.clock.advance(60_000);
    await made.connection.call("op");
    const forms = made.server.requests.filter(({ path }) => path === "/token").map(({ form }) => form);
    expect(Object.fromEntries(forms[0] ?? [])).toMatchObject({
      grant_type: "client_credentials",
      client_id: "me",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    });
    const read = forms.map((form) => readJwt(form.get("client_assertion") ?? "", keys.publicKey));
    expect(read[0]).toMatchObject({
      header: { alg: "RS256", kid: "k9" },
      claims: { iss: "me", sub: "me", aud: `${made.server.origin}/token` },
    });
    expect((read[0]?.claims.exp ?? 0) - (read[0]?.claims.iat ?? 0)).toBe(300);
    expect(read[0]?.claims.jti).not.toBe(read[1]?.claims.jti);
  });

  test("shows no assertion where the server repeats it", async () => {
    const made = await connect(
      profile,
      {
        "POST /token": ({ form }) =>
          status(401, { error: "invalid_client", error_description: `not ${form.get("client_assertion")}` }),
      },
      credentials,
    );
    const failed = await made.connection.call("op").catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: "authentication_failed" });
    const sent = made.server.requests[0]?.form.get("client_assertion") ?? "none";
    expect(inspect(failed, { depth: 9 })).not.toContain(sent.slice(0, 40));
  });
});
