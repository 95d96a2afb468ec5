/** What standalone clients promise beyond the shape of a request: one refresh, one renewal, no short list, no secret told. */
import { generateKeyPairSync, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { connected } from "./connected.ts";

const chain = `
credential_chains:
  - chain_id: login
    description: A session, and a token for it.
    initial_credentials_required: [key]
    steps:
      - { step_name: session, endpoint: "{base_url}/session", body: { key: "{key}" }, extract: { sid: $.sid }, ttl_seconds: 3600 }
      - { step_name: token, endpoint: "{base_url}/token", body: { sid: "{sid}" }, extract: { token: $.token }, ttl_seconds: 600 }
    final_credential_name: token
authentication: [{ type: api_key, credential_chain_id: login, fields: [{ key: key, label: Key, secret: true }] }]
operations:
  - { operation_id: read, endpoint: /read, summary: Read, auth_type_ref: api_key }
  - { operation_id: write, endpoint: /write, method: POST, summary: Write, auth_type_ref: api_key, idempotency: { header: Idempotency-Key } }
`;

describe("a standalone client", () => {
  it("makes each step of a chain once for a hundred callers", async () => {
    const { connection, server } = await connected(
      chain,
      {
        "POST /session": { json: { sid: "s-example" } },
        "POST /token": { json: { token: "t-example" } },
        "GET /read": { json: {} },
      },
      { credentials: { key: "example-key" } },
    );
    await Promise.all(Array.from({ length: 100 }, () => connection.call("read")));
    const paths = server.requests.map(({ path }) => path);
    expect(paths.filter((path) => path !== "/read")).toEqual(["/session", "/token"]);
  });

  it("renews a refused token once, replays once, and then says so without a loop", async () => {
    let good = 2;
    const { connection, server } = await connected(
      chain,
      {
        "POST /session": { json: { sid: "s-example" } },
        "POST /token": (_, { count }) => ({ json: { token: `t-${count}` } }),
        "GET /read": ({ headers }) =>
          headers.authorization === `Bearer t-${good}`
            ? { json: { ok: true } }
            : { status: 401, json: { message: `no ${headers.authorization}` } },
      },
      { credentials: { key: "example-key" } },
    );
    expect((await connection.call("read")).data).toEqual({ ok: true });
    good = 99;
    await expect(connection.call("read")).rejects.toMatchObject({
      code: "authentication_failed",
      status: 401,
    });
    const error = await connection.attempt("read");
    expect(JSON.stringify(error)).not.toMatch(/t-\d/);
    expect(server.requests.filter(({ path }) => path === "/token").length).toBeLessThanOrEqual(4);
  });

  it("repeats the step that gave a cached input which the next step refuses", async () => {
    const { connection, server } = await connected(
      chain.replace("ttl_seconds: 600", "ttl_seconds: 1"),
      {
        "POST /session": (_, { count }) => ({ json: { sid: `s-${count}` } }),
        "POST /token": ({ json }, { count }) =>
          count === 2 ? { status: 401, json: {} } : { json: { token: `t-${JSON.stringify(json)}` } },
        "GET /read": ({ number }) => (number === 4 ? { status: 401, json: {} } : { json: {} }),
      },
      { credentials: { key: "example-key" } },
    );
    await connection.call("read");
    await connection.call("read");
    expect(server.requests.map(({ path }) => path)).toEqual([
      "/session",
      "/token",
      "/read",
      "/read",
      "/token",
      "/session",
      "/token",
      "/read",
    ]);
  });

  it("remembers a failed step for a while, and tells when to come again", async () => {
    const { connection, server } = await connected(
      chain,
      { "POST /session": { status: 400, json: { message: "no example-key" } } },
      { credentials: { key: "example-key" } },
    );
    const first = await connection.attempt("read");
    const second = await connection.attempt("read");
    expect(first).toMatchObject({ ok: false, error: { code: "chain_step_failed", status: 400 } });
    expect(JSON.stringify(first)).not.toContain("example-key");
    expect(second).toMatchObject({ ok: false, error: { retryAt: expect.any(Number) } });
    expect(server.requests).toHaveLength(1);
  });

  it("sends a write again only under its key, the same on each attempt", async () => {
    const { connection, server } = await connected(
      chain,
      {
        "POST /session": { json: { sid: "s" } },
        "POST /token": { json: { token: "t" } },
        "POST /write": (_, { count }) => (count < 3 ? { status: 503, json: {} } : { json: { done: count } }),
      },
      { credentials: { key: "example-key" } },
    );
    expect(await connection.call("write")).toMatchObject({ data: { done: 3 }, attempts: 3 });
    const keys = server.requests.flatMap(({ headers }) => headers["idempotency-key"] ?? []);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
  });

  it("ends a reading that breaks with a cursor, goes on from it, and holds no secret in it", async () => {
    let broken = true;
    const { connection } = await connected(
      `
authentication: [{ type: bearer }]
operations:
  - operation_id: list
    endpoint: /list
    summary: List
    auth_type_ref: bearer
    pagination: { type: cursor, next_url_path: $.next }
    response: { records_path: $.items }
`,
      {
        "GET /list": ({ query }) =>
          query.get("at") === "2"
            ? broken
              ? { status: 400, json: {} }
              : { json: { items: [3] } }
            : { json: { items: [1, 2], next: "/list?at=2&echo=example-token" } },
      },
      { credentials: { token: "example-token" } },
    );
    const seen: unknown[] = [];
    const error: { readonly cursor?: string } = await (async () => {
      for await (const record of connection.records("list")) seen.push(record);
    })().then(
      () => ({}),
      (thrown) => thrown,
    );
    const cursor = error.cursor ?? "";
    expect(Buffer.from(cursor, "base64url").toString()).not.toContain("example-token");
    broken = false;
    for await (const record of connection.records("list", {}, { cursor })) seen.push(record);
    expect(seen).toEqual([1, 2, 3]);
    const other = connection.records("list", {}, { cursor: `${cursor}x` }).next();
    await expect(other).rejects.toMatchObject({ code: "invalid_parameters" });
  });

  it("tells a loop of pages, and where there are more than were asked for", async () => {
    const { connection } = await connected(
      `
authentication: [{ type: none }]
operations:
  - operation_id: list
    endpoint: /list
    summary: List
    auth_type_ref: none
    pagination: { type: cursor, cursor_path: $.next, cursor_param: from }
    response: { records_path: $.items }
`,
      { "GET /list": ({ query }) => ({ json: { items: [1], next: query.get("from") === "b" ? "a" : "b" } }) },
      {},
    );
    const all = async (maxPages?: number): Promise<void> => {
      for await (const _ of connection.records("list", {}, maxPages === undefined ? {} : { maxPages }));
    };
    await expect(all(1)).rejects.toMatchObject({ code: "truncated", cursor: expect.any(String) });
    await expect(all()).rejects.toMatchObject({ code: "pagination_loop" });
  });

  it("signs a token by a private key of RS256 through Web Crypto", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const { connection, server } = await connected(
      `
authentication:
  - type: jwt
    jwt: { algorithm: RS256, key: "{private_key}", claims: { sub: "{user}" }, ttl_seconds: 60 }
    fields: [{ key: user, label: User }, { key: private_key, label: Key, secret: true }]
operations: [{ operation_id: read, endpoint: /read, summary: Read, auth_type_ref: jwt }]
`,
      { "GET /read": { json: {} } },
      {
        credentials: {
          user: "ada",
          private_key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
        },
      },
    );
    await connection.call("read");
    const token = server.requests[0]?.headers.authorization?.replace("Bearer ", "") ?? "";
    const [header = "", claims = "", signature = ""] = token.split(".");
    expect(JSON.parse(Buffer.from(header, "base64url").toString())).toMatchObject({ alg: "RS256" });
    const isSigned = verify(
      "sha256",
      Buffer.from(`${header}.${claims}`),
      publicKey,
      Buffer.from(signature, "base64url"),
    );
    expect(isSigned).toBe(true);
  });

  it("keeps its credential from an origin that an answer names", async () => {
    const { connection, server } = await connected(
      `
authentication: [{ type: bearer }]
operations:
  - operation_id: list
    endpoint: /list
    summary: List
    auth_type_ref: bearer
    pagination: { type: link_header }
`,
      { "GET /list": { json: [1], headers: { link: '<https://evil.example/list>; rel="next"' } } },
      { credentials: { token: "example-token" } },
    );
    const reading = connection.records("list");
    await reading.next();
    await expect(reading.next()).rejects.toMatchObject({ code: "destination_blocked" });
    expect(server.requests).toHaveLength(1);
  });
});
