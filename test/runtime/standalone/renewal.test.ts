/** Tokens, nonces and clocks of a standalone client, as servers renew them. */
import { describe, expect, it } from "vitest";
import { createFakeClock } from "../../../runtime/testing/index.ts";
import { connected } from "./connected.ts";

const read = "operations: [{ operation_id: read, endpoint: /read, summary: Read, auth_type_ref: a }]\n";

describe("a standalone client", () => {
  it("spends each refresh token once, for all callers, and goes on with the one that came for it", async () => {
    const { connection, server } = await connected(
      `
authentication:
  - profile_id: a
    type: oauth2_authorization_code
    oauth: { authorize_url: https://login.example.com/authorize, token_url: "{base_url}/token" }
${read}`,
      {
        "POST /token": ({ form }) => ({
          json: {
            access_token: `of-${form.get("refresh_token")}`,
            token_type: "Bearer",
            expires_in: 3600,
            refresh_token: `${form.get("refresh_token")}1`,
          },
        }),
        // Every second token is stale by the time that it is used.
        "GET /read": ({ headers }) =>
          /^Bearer of-example-refresh-(?:11)*1$/.test(headers.authorization ?? "")
            ? { json: { ok: headers.authorization } }
            : { status: 401, json: {} },
      },
      {
        credentials: { client_id: "app", client_secret: "example-secret", refresh_token: "example-refresh-" },
      },
    );
    const answers = await Promise.all([1, 2, 3].map(() => connection.call("read")));
    expect(answers.map(({ data }) => data)).toEqual(
      Array.from({ length: 3 }, () => ({ ok: "Bearer of-example-refresh-1" })),
    );
    const spent = server.requests.flatMap(({ path, form }) =>
      path === "/token" ? [form.get("refresh_token")] : [],
    );
    expect(spent).toEqual(["example-refresh-", "example-refresh-1"]);
  });

  it("asks for a token once, for all connections that would ask for the same", async () => {
    const { connection, again, server } = await connected(
      `
authentication: [{ profile_id: a, type: oauth2_client_credentials, oauth: { token_url: "{base_url}/token" } }]
${read}`,
      {
        "POST /token": { json: { access_token: "t-example", token_type: "Bearer", expires_in: 3600 } },
        "GET /read": { json: {} },
      },
      { credentials: { client_id: "app", client_secret: "example-secret" } },
    );
    await Promise.all([connection, again(), again()].map((one) => one.call("read")));
    expect(server.requests.filter(({ path }) => path === "/token")).toHaveLength(1);
  });

  it("replays a refused call once, whatever else its credential function would give", async () => {
    const reasons: string[] = [];
    const { connection, server } = await connected(
      `authentication: [{ profile_id: a, type: bearer }]\n${read}`,
      { "GET /read": { status: 401, json: {} } },
      {
        credentials: ({ reason }) => {
          reasons.push(reason);
          return { token: `example-token-${reasons.length}` };
        },
      },
    );
    await expect(connection.call("read")).rejects.toMatchObject({
      code: "authentication_failed",
      attempts: 2,
    });
    expect(reasons).toEqual(["first", "refused"]);
    expect(server.requests).toHaveLength(2);
  });

  it("does not send a refresh token again of which it cannot know whether it is spent", async () => {
    const { connection, server } = await connected(
      `
authentication:
  - profile_id: a
    type: oauth2_authorization_code
    oauth: { authorize_url: https://login.example.com/authorize, token_url: "{base_url}/token" }
${read}`,
      { "POST /token": { status: 502, json: {} }, "GET /read": { json: {} } },
      {
        credentials: { client_id: "app", client_secret: "example-secret", refresh_token: "example-refresh" },
      },
    );
    await expect(connection.call("read")).rejects.toMatchObject({ status: 502, retryable: true });
    expect(server.requests.map(({ path }) => path)).toEqual(["/token"]);
  });

  it("answers a challenge of Digest, counts under its nonce and takes the next one", async () => {
    const { connection, server } = await connected(
      `authentication: [{ profile_id: a, type: digest }]\n${read}`,
      {
        "GET /read": ({ headers, number }) => {
          const nonce = number <= 3 ? "n1" : "n2";
          return headers.authorization?.includes(`nonce="${nonce}"`)
            ? { json: {} }
            : {
                status: 401,
                headers: {
                  "www-authenticate": `Digest realm="r", qop="auth", nonce="${nonce}", algorithm=SHA-256, stale=${number > 3}`,
                },
              };
        },
      },
      { credentials: { username: "ada", password: "example-password" } },
    );
    for (const attempts of [1, 1, 1])
      expect(await connection.call("read")).toMatchObject({ data: {}, attempts });
    const told = server.requests.map(({ headers }) =>
      /nonce="(\w+)".*nc=(\d+)/
        .exec(headers.authorization ?? "")
        ?.slice(1)
        .join(" "),
    );
    expect(told).toEqual([undefined, "n1 00000001", "n1 00000002", "n1 00000003", "n2 00000001"]);
  });

  it("signs by the clock of a server that differs, once it has seen it", async () => {
    const clock = createFakeClock(Date.UTC(2026, 0, 1));
    const ahead = 3_600_000;
    const { connection, server } = await connected(
      `authentication: [{ profile_id: a, type: aws_sigv4, aws_sigv4: { service: s, region: r } }]\n${read}`,
      {
        "GET /read": ({ headers }) => {
          const there = new Date(clock.wall() + ahead);
          const isFresh = String(headers["x-amz-date"]).startsWith(
            there.toISOString().slice(0, 13).replace(/-/g, ""),
          );
          return { status: isFresh ? 200 : 403, headers: { date: there.toUTCString() }, json: {} };
        },
      },
      { credentials: { access_key_id: "AKIDEXAMPLE", secret_access_key: "example-key" } },
      { clock },
    );
    expect(await connection.call("read")).toMatchObject({ status: 200, attempts: 2 });
    expect(await connection.call("read")).toMatchObject({ status: 200, attempts: 1 });
    expect(server.requests.map(({ headers }) => headers["x-amz-date"])).toEqual([
      "20260101T000000Z",
      "20260101T010000Z",
      "20260101T010000Z",
    ]);
  });
});
