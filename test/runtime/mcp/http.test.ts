import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { systemClock } from "../../../runtime/clock.ts";
import { createRuntime } from "../../../runtime/index.ts";
import {
  createToolServer,
  fixedToken,
  jwtAccessTokens,
  serveToolsOverHttp,
} from "../../../runtime/mcp/index.ts";
import { startServer } from "../../../runtime/testing/index.ts";
import { createTransport } from "../../../runtime/transport/undici-transport.ts";
import { descriptor, irOf, line, operation } from "../../support/line.ts";
import { callTool, clientOf, offered, stage } from "./support.ts";

const plain = `${operation("endpoint: /x")}${offered}`;
const token = "a-token-of-more-than-sixteen-characters";

/** A bare request: what a client of the SDK would not send. */
function post(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: "POST", headers: { "content-type": "application/json", ...headers } },
      (response) => {
        response.resume();
        response.once("end", () => resolve(response.statusCode));
      },
    );
    sent.once("error", reject);
    sent.end(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }));
  });
}

describe("the HTTP endpoint", () => {
  it.each([
    ["a foreign host", { host: "evil.example" }],
    ["a page of another origin", { origin: "https://evil.example" }],
    ["a page without an origin", { origin: "null" }],
  ])("refuses %s", async (_, headers) => {
    const { serving } = await stage(plain, {});
    expect(await post(serving.url, headers)).toBe(403);
  });

  it("lets through the hosts and pages that are allowed", async () => {
    const { serving } = await stage(
      plain,
      {},
      {
        http: { allowedHosts: ["tools.example"], allowedOrigins: ["app.example"] },
      },
    );
    const accept = "application/json, text/event-stream";
    expect(
      await post(serving.url, { accept, host: "tools.example:8443", origin: "https://app.example" }),
    ).toBe(200);
    expect(await post(serving.url.replace("/mcp", "/other"), { accept })).toBe(404);
  });

  it.each([
    ["with two hosts", "POST /mcp HTTP/1.1\r\nHost: localhost\r\nHost: evil.example", 400],
    ["for another server", "POST http://evil.example/mcp HTTP/1.1\r\nHost: localhost", 400],
    ["of a method that nobody has", "TRACE /mcp HTTP/1.1\r\nHost: localhost", 405],
    ["of a foreign host, before its body comes", "POST /mcp HTTP/1.1\r\nHost: evil.example", 403],
    ["without a token, before its body comes", "POST /mcp HTTP/1.1\r\nHost: localhost", 401],
  ])("refuses a request %s", async (_, head, status) => {
    const { serving } = await stage(
      plain,
      {},
      {
        http: { auth: { verify: fixedToken(token, systemClock) } },
        transport: { requestInit: { headers: { authorization: `Bearer ${token}` } } },
      },
    );
    const socket = connect(Number(new URL(serving.url).port), "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    socket.write(`${head}\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n`);
    const [answer]: [Buffer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    // What is still on its way is not waited for.
    await once(socket, "close");
  });

  it("is for this machine alone where no token is asked for", async () => {
    const made = await line(plain, {});
    onTestFinished(() => made.close());
    const server = createToolServer({ connectors: [{ ir: made.ir, connection: made.connection }] });
    await expect(serveToolsOverHttp(server, { host: "0.0.0.0" })).rejects.toMatchObject({
      code: "configuration",
      message: expect.stringContaining("ask for a token"),
    });
  });

  it("asks for the token, and keeps it to itself", async () => {
    const { serving, line, call } = await stage(
      plain,
      { "GET /x": { json: { ok: true } } },
      {
        http: { auth: { verify: fixedToken(token, systemClock) } },
        transport: { requestInit: { headers: { authorization: `Bearer ${token}` } } },
      },
    );
    expect(await post(serving.url, {})).toBe(401);
    expect(await post(serving.url, { authorization: `Bearer ${token}x` })).toBe(401);
    expect((await call("op")).structured).toEqual({ ok: true });
    expect(line.server.requests.flatMap(({ rawHeaders }) => rawHeaders.flat())).not.toContainEqual(
      expect.stringContaining(token),
    );
  });

  it("takes no token that could be guessed", () => {
    expect(() => fixedToken("short", systemClock)).toThrow(/at least 16/);
  });
});

/** An authorization server that publishes one key, and signs what it is told to. */
async function authorizationServer() {
  const newPair = (kid: string) => ({ kid, ...generateKeyPairSync("ec", { namedCurve: "P-256" }) });
  let current = newPair("k");
  const server = await startServer({
    "GET /.well-known/oauth-authorization-server": (_request, { origin }) => ({
      json: { issuer: origin, jwks_uri: `${origin}/keys` },
    }),
    "GET /keys": () => {
      const jwk = current.publicKey.export({ format: "jwk" });
      return { json: { keys: [{ ...jwk, kid: current.kid, alg: "ES256", use: "sig" }] } };
    },
  });
  onTestFinished(() => server.close());
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const issue = (
    claims: Record<string, unknown>,
    key = current.privateKey,
    header: Record<string, unknown> = {},
  ): string => {
    const now = Math.floor(Date.now() / 1000);
    const head = encode({ alg: "ES256", typ: "at+jwt", kid: current.kid, ...header });
    const body = encode({
      iss: server.origin,
      client_id: "agent",
      jti: "1",
      iat: now,
      exp: now + 600,
      ...claims,
    });
    // A public key for a secret: what a verifier takes that believes the header.
    const pem = createPublicKey(key).export({ format: "pem", type: "spki" });
    if (header.alg === "none") return `${head}.${body}.`;
    if (header.alg === "HS256")
      return `${head}.${body}.${createHmac("sha256", pem).update(`${head}.${body}`).digest("base64url")}`;
    const signature = sign("sha256", Buffer.from(`${head}.${body}`), {
      key: createPrivateKey(key.export({ format: "pem", type: "pkcs8" })),
      dsaEncoding: "ieee-p1363",
    });
    return `${head}.${body}.${signature.toString("base64url")}`;
  };
  const rotate = (kid: string): void => {
    current = newPair(kid);
  };
  return { server, issue, rotate };
}

/** The tool server as a resource of that authorization server; each subject has an upstream account of its own. */
async function resourceServer() {
  const { server: issuer, issue, rotate } = await authorizationServer();
  const upstream = await startServer({
    "GET /mine": ({ headers, query }) => ({
      json: {
        items: [0, 1, 2].map((at) => ({
          owner: `owned by ${headers["x-key"]?.slice("key-of-".length)}`,
          at: Number(query.get("from") ?? 0) + at,
        })),
        next: query.get("from") ? null : "3",
      },
    }),
  });
  const ir = await irOf(
    `${descriptor(
      `operations:
  - operation_id: mine
    endpoint: /mine
    summary: Lists what is mine
    auth_type_ref: api_key
    pagination: { type: cursor, cursor_path: $.next, cursor_param: from }
    response: { records_path: $.items }`,
      `  - type: api_key
    fields: [{ key: key, label: Key, field_type: secret }]
    auth_headers: { X-Key: "{key}" }`,
    )}${offered}`,
  );
  const runtime = createRuntime({ network: { allow: [upstream.host] } });
  const transport = createTransport({ clock: systemClock, network: { allow: [issuer.host] } });
  const tools = createToolServer({
    connectors: [
      {
        ir,
        connection: ({ tenant }) =>
          runtime.connect(ir, {
            credentials: { key: `key-of-${tenant.split("|")[1]}` },
            config: { base_url: upstream.origin },
            identity: { tenant },
          }),
      },
    ],
  });
  const audience = "https://tools.example/mcp";
  const serving = await serveToolsOverHttp(tools, {
    auth: {
      verify: jwtAccessTokens({ issuer: new URL(issuer.origin), audience, transport }),
      oauth: { issuers: [new URL(issuer.origin)], resource: new URL(audience), scopes: ["tools"] },
    },
  });
  onTestFinished(async () => {
    await serving.close();
    await runtime.close();
    await transport.close(0);
    await upstream.close();
  });
  const tokenOf = (
    sub: string,
    more: Record<string, unknown> = {},
    header?: Record<string, unknown>,
  ): string => issue({ aud: audience, sub, scope: "tools", ...more }, undefined, header);
  const as = (bearer: string) =>
    clientOf(serving.url, { requestInit: { headers: { authorization: `Bearer ${bearer}` } } });
  return { serving, issuer, upstream, issue, rotate, tokenOf, as, audience };
}

describe("an OAuth 2.1 resource server", () => {
  it("says where its tokens come from (RFC 9728)", async () => {
    const { serving, issuer, audience } = await resourceServer();
    const { origin } = new URL(serving.url);
    const challenge = await fetch(serving.url, { method: "POST" });
    expect(challenge.status).toBe(401);
    expect(challenge.headers.get("www-authenticate")).toContain(
      'resource_metadata="https://tools.example/.well-known/oauth-protected-resource/mcp"',
    );
    const metadata = await fetch(`${origin}/.well-known/oauth-protected-resource/mcp`);
    expect(await metadata.json()).toEqual({
      resource: audience,
      authorization_servers: [`${issuer.origin}/`],
      scopes_supported: ["tools"],
      bearer_methods_supported: ["header"],
    });
  });

  it("takes a token that is meant for it, and none that is not", async () => {
    const { serving, tokenOf, issue, as } = await resourceServer();
    const client = await as(tokenOf("ann"));
    expect((await callTool(client, "mine")).structured.items).toHaveLength(3);
    const statusOf = (bearer: string) => post(serving.url, { authorization: `Bearer ${bearer}` });
    const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    expect(await statusOf(tokenOf("ann", { aud: "https://other.example/mcp" }))).toBe(401);
    expect(await statusOf(tokenOf("ann", { exp: 1 }))).toBe(401);
    expect(await statusOf(tokenOf("ann", { iss: "https://evil.example" }))).toBe(401);
    expect(
      await statusOf(issue({ aud: "https://tools.example/mcp", sub: "ann", scope: "tools" }, stranger)),
    ).toBe(401);
    expect(await statusOf(tokenOf("ann", { scope: "else" }))).toBe(403);
  });

  it.each([
    ["that nobody signed", {}, { alg: "none" }],
    ["signed with the public key", {}, { alg: "HS256" }],
    ["that is an identity and gives no access", {}, { typ: "JWT" }],
    ["of a key that the issuer does not publish", {}, { kid: "other" }],
    ["whose header brings its own keys", {}, { kid: "other", jku: "http://127.0.0.1:9/keys" }],
    ["that counts later", { nbf: Math.floor(Date.now() / 1000) + 3600 }, {}],
    ["without an end", { exp: undefined }, {}],
    ["of nobody", { sub: undefined }, {}],
  ])("takes no token %s", async (_, claims, header) => {
    const { serving, tokenOf } = await resourceServer();
    const statusOf = (bearer: string) => post(serving.url, { authorization: `Bearer ${bearer}` });
    expect(await statusOf(tokenOf("ann", claims, header))).toBe(401);
    const accept = "application/json, text/event-stream";
    expect(await post(serving.url, { accept, authorization: `Bearer ${tokenOf("ann")}` })).toBe(200);
  });

  it("takes a new key of the issuer without being started anew, and asks for keys once a minute at most", async () => {
    const { serving, issuer, tokenOf, rotate } = await resourceServer();
    const accept = "application/json, text/event-stream";
    const statusOf = (bearer: string) => post(serving.url, { accept, authorization: `Bearer ${bearer}` });
    const asked = () => issuer.requests.filter(({ path }) => path === "/keys").length;
    const before = tokenOf("ann");
    expect(await statusOf(before)).toBe(200);
    rotate("next");
    const after = tokenOf("ann");
    for (let tries = 0; tries < 5; tries++) expect(await statusOf(after)).toBe(401);
    expect(asked()).toBe(1);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
    onTestFinished(() => void vi.useRealTimers());
    expect(await statusOf(after)).toBe(200);
    expect(await statusOf(before)).toBe(401);
    expect(asked()).toBe(2);
  });

  it("keeps 200 interleaved calls of two tenants apart, their cursors too", async () => {
    const { tokenOf, as, upstream } = await resourceServer();
    const tokens = [tokenOf("ann"), tokenOf("bob")];
    const clients = await Promise.all(tokens.map(as));
    const texts = await Promise.all(
      Array.from({ length: 200 }, async (_, at) => {
        const client = clients[at % 2];
        if (!client) throw new Error("there are two");
        return JSON.stringify(await callTool(client, "mine"));
      }),
    );
    for (const [at, text] of texts.entries()) {
      const [own, other] = at % 2 === 0 ? ["ann", "bob"] : ["bob", "ann"];
      expect([text.includes(`owned by ${own}`), text.includes(`owned by ${other}`)]).toEqual([true, false]);
    }
    const [ann, bob] = clients;
    if (!ann || !bob) throw new Error("there are two");
    const { structured } = await callTool(ann, "mine");
    const stolen = await callTool(bob, "mine", { cursor: structured.next_cursor });
    expect(stolen.structured.error).toMatchObject({ argument: "cursor" });
    // No token of a caller went on.
    const sent = upstream.requests.flatMap(({ rawHeaders }) => rawHeaders.flat()).join("\n");
    expect(tokens.filter((one) => sent.includes(one))).toEqual([]);
  });
});
