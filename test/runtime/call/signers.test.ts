import { createHash, createHmac, generateKeyPairSync, verify } from "node:crypto";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import { createRuntime } from "../../../runtime/index.ts";
import { digestChallenge, signDigest } from "../../../runtime/signing/digest.ts";
import { createCertificate, json, type ReceivedRequest } from "../../../runtime/testing/index.ts";
import { descriptor, irOf, type Line, type LineOptions, line } from "../../support/line.ts";

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

const operations =
  'operations: [{ operation_id: op, method: POST, summary: One, endpoint: /x/y, auth_type_ref: p, query: { a: "1" }, body: { n: 1 } }]';

async function connect(
  authentication: string,
  routes: Parameters<typeof line>[1],
  options: LineOptions = {},
): Promise<Line> {
  const made = await line(descriptor(operations, authentication), routes, options);
  open.push(made);
  return made;
}

describe("digest", () => {
  const challenge = 'Digest realm="desk", qop="auth", algorithm=SHA-256, nonce="n1", opaque="o"';
  const keys = { username: "ann", password: "pass:word" };
  const profile = "  - { type: digest, profile_id: p }";

  /** Checks a header as a server does, from the password. */
  function isRight(request: ReceivedRequest, header = challenge): boolean {
    const sent = request.headers.authorization ?? "";
    const asked = digestChallenge(header);
    const [cnonce = "", nc = "0"] = [/cnonce="([^"]+)"/.exec(sent)?.[1], /nc=([0-9a-f]{8})/.exec(sent)?.[1]];
    if (!asked) return false;
    const unsigned = {
      method: request.method,
      origin: "",
      target: request.target,
      headers: [],
      body: undefined,
    };
    return sent === signDigest(unsigned, keys, asked, { cnonce, count: Number.parseInt(nc, 16) });
  }
  const refuse = (header = challenge) => ({ status: 401, headers: { "www-authenticate": header } });

  test("answers the server's challenge, and uses it for the calls that follow", async () => {
    const made = await connect(
      profile,
      { "POST /x/y": (request) => (isRight(request) ? json(1) : refuse()) },
      { connect: { credentials: keys } },
    );
    expect(await made.connection.call("op")).toMatchObject({ data: 1, attempts: 1 });
    expect(await made.connection.call("op")).toMatchObject({ data: 1 });
    expect(made.server.requests.map(({ headers }) => headers.authorization !== undefined)).toEqual([
      false,
      true,
      true,
    ]);
    expect(
      made.server.requests.map(({ headers }) => /nc=(\d+)/.exec(headers.authorization ?? "")?.[1]),
    ).toEqual([undefined, "00000001", "00000002"]);
  });

  test("takes a new nonce where the old one is stale", async () => {
    const fresh = challenge.replace("n1", "n2").replace("Digest ", "Digest stale=true, ");
    let current = challenge;
    const made = await connect(
      profile,
      {
        "POST /x/y": (request) => (isRight(request, current) ? json(1) : refuse(current)),
      },
      { connect: { credentials: keys } },
    );
    await made.connection.call("op");
    current = fresh;
    expect(await made.connection.call("op")).toMatchObject({ data: 1 });
    expect(made.server.requests).toHaveLength(4);
  });

  test("a wrong password fails after one answer, without a loop", async () => {
    const made = await connect(
      profile,
      { "POST /x/y": () => refuse() },
      { connect: { credentials: { ...keys, password: "wrong" } } },
    );
    await expect(made.connection.call("op")).rejects.toMatchObject({ code: "authentication_failed" });
    expect(made.server.requests).toHaveLength(2);
  });
});

test("AWS SigV4 signs path, query, headers and body as they arrive", async () => {
  const made = await connect(
    "  - { type: aws_sigv4, profile_id: p, aws_sigv4: { service: execute-api, region: eu-west-1 } }",
    { "POST /x/y": json(1) },
    { connect: { credentials: { access_key_id: "AKID", secret_access_key: "secret", session_token: "st" } } },
  );
  await made.connection.call("op");
  const [request] = made.server.requests;
  if (!request) throw new Error("nothing was sent");
  const { headers } = request;
  const names = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? "")?.[1] ?? "";
  expect(names.split(";")).toEqual(
    expect.arrayContaining(["content-type", "host", "x-amz-date", "x-amz-security-token"]),
  );
  const sha = (text: string) => createHash("sha256").update(text).digest("hex");
  const canonical = [
    "POST",
    "/x/y",
    "a=1",
    ...names.split(";").map((name) => `${name}:${headers[name]}`),
    "",
    names,
    sha(request.text),
  ].join("\n");
  const stamp = headers["x-amz-date"] ?? "";
  const scope = `${stamp.slice(0, 8)}/eu-west-1/execute-api/aws4_request`;
  const mac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
  const key = scope.split("/").reduce<string | Buffer>((last, part) => mac(last, part), "AWS4secret");
  const expected = mac(key, ["AWS4-HMAC-SHA256", stamp, scope, sha(canonical)].join("\n")).toString("hex");
  expect(headers.authorization).toContain(`Signature=${expected}`);
});

describe("an assumed role", () => {
  const answer = (id: string, end: string) =>
    `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>role-secret</SecretAccessKey><SessionToken>role-token==</SessionToken><Expiration>${end}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

  test("is asked for once with the keys themselves, and signs until it ends", async () => {
    const made = await connect(
      '  - { type: aws_sigv4, profile_id: p, aws_sigv4: { service: s3, assume_role: { role_arn: "arn:aws:iam::1:role/r", external_id: "x&y", sts_url: "{base_url}/sts" } } }',
      {
        "POST /sts": () => ({
          status: 200,
          headers: { "content-type": "text/xml" },
          text: answer(
            `ASIA${made.server.times("/sts")}`,
            new Date(made.clock.wall() + 3_600_000).toISOString(),
          ),
        }),
        "POST /x/y": json(1),
      },
      { connect: { credentials: { access_key_id: "AKID", secret_access_key: "secret" } } },
    );
    await made.connection.call("op");
    await made.connection.call("op");
    const [sts, ...calls] = made.server.requests;
    expect(Object.fromEntries(sts?.form ?? [])).toEqual({
      Action: "AssumeRole",
      Version: "2011-06-15",
      RoleArn: "arn:aws:iam::1:role/r",
      RoleSessionName: "connectorc",
      DurationSeconds: "3600",
      ExternalId: "x&y",
    });
    expect(sts?.headers.authorization).toMatch(/Credential=AKID\/\d+\/us-east-1\/sts\/aws4_request/);
    expect(calls).toHaveLength(2);
    for (const call of calls) {
      expect(call.headers.authorization).toContain("Credential=ASIA1/");
      expect(call.headers["x-amz-security-token"]).toBe("role-token==");
    }
    await made.clock.advance(3_600_000);
    await made.connection.call("op");
    expect(made.server.requests.at(-1)?.headers.authorization).toContain("Credential=ASIA2/");
  });

  test("that is refused fails with the server's own words and without the keys", async () => {
    const made = await connect(
      '  - { type: aws_sigv4, profile_id: p, aws_sigv4: { service: s3, assume_role: { role_arn: r, sts_url: "{base_url}/sts" } } }',
      {
        "POST /sts": () => ({
          status: 403,
          headers: { "content-type": "text/xml" },
          text: "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized to perform sts:AssumeRole with canary-secret</Message></Error></ErrorResponse>",
        }),
      },
      { connect: { credentials: { access_key_id: "AKID", secret_access_key: "canary-secret" } } },
    );
    const error = await made.connection.call("op").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "chain_step_failed", status: 403 });
    expect(String(error)).toContain("not authorized to perform sts:AssumeRole");
    expect(String(error)).not.toContain("canary-secret");
  });
});

test("OAuth 1 signs each request with a nonce of its own", async () => {
  const made = await connect(
    '  - { type: oauth1, profile_id: p, oauth1: { realm: "1234_SB1", signature_method: HMAC-SHA256 } }',
    { "POST /x/y": json(1) },
    {
      connect: {
        credentials: { consumer_key: "ck", consumer_secret: "cs", token: "t", token_secret: "ts" },
      },
    },
  );
  await made.connection.call("op");
  await made.connection.call("op");
  const headers = made.server.requests.map((request) => request.headers.authorization ?? "");
  for (const header of headers) {
    expect(header).toMatch(/^OAuth realm="1234_SB1", oauth_consumer_key="ck", oauth_token="t", /);
    const given: Record<string, string> = Object.fromEntries(
      [...header.matchAll(/(oauth_\w+)="([^"]*)"/g)].map(([, name, value]) => [
        name,
        decodeURIComponent(value ?? ""),
      ]),
    );
    const { oauth_signature: signature, ...rest } = given;
    const pairs = Object.entries({ ...rest, a: "1" })
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .sort()
      .join("&");
    const base = ["POST", `${made.server.origin}/x/y`, pairs].map(encodeURIComponent).join("&");
    expect(signature).toBe(createHmac("sha256", "cs&ts").update(base).digest("base64"));
  }
  expect(new Set(headers.map((header) => /oauth_nonce="(\w+)"/.exec(header)?.[1])).size).toBe(2);
});

test("WSSE makes its header anew for every request", async () => {
  const made = await connect(
    "  - { type: wsse, profile_id: p }",
    { "POST /x/y": json(1) },
    { connect: { credentials: { username: "ann", password: "pw" } } },
  );
  await made.connection.call("op");
  await made.connection.call("op");
  const [one = "", two = ""] = made.server.requests.map(({ headers }) => headers["x-wsse"]);
  expect(one).toMatch(
    /^UsernameToken Username="ann", PasswordDigest="[^"]+", Nonce="[^"]+", Created="[^"]+"$/,
  );
  expect(one).not.toBe(two);
});

describe("a token that is signed here", () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const profile = `  - type: jwt
    profile_id: p
    fields: [{ key: id, label: I }, { key: pk, label: K, secret: true }]
    jwt: { algorithm: RS256, key: "{pk}", key_id: k1, headers: { cty: x }, claims: { iss: "{id}", list: [1, "{id}"] }, ttl_seconds: 100 }`;

  test("is sent as bearer, kept for its life, and made again before it ends", async () => {
    const made = await connect(
      profile,
      { "POST /x/y": json(1) },
      { connect: { credentials: { id: "me", pk: pem } } },
    );
    await made.connection.call("op");
    await made.connection.call("op");
    await made.clock.advance(91_000);
    await made.connection.call("op");
    const [first, second, third] = made.server.requests.map(({ headers }) => headers.authorization ?? "");
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    const [header = "", claims = "", signature = ""] = (first ?? "").replace("Bearer ", "").split(".");
    const decoded = (text: string): unknown => JSON.parse(Buffer.from(text, "base64url").toString());
    expect(decoded(header)).toEqual({ typ: "JWT", alg: "RS256", kid: "k1", cty: "x" });
    const { iat, exp, ...rest } = decoded(claims) as { iat: number; exp: number };
    expect(rest).toEqual({ iss: "me", list: [1, "me"] });
    expect(exp - iat).toBe(100);
    expect(
      verify("sha256", Buffer.from(`${header}.${claims}`), publicKey, Buffer.from(signature, "base64url")),
    ).toBe(true);
  });

  test("with a key that is none says so, and shows nothing of it", async () => {
    const made = await connect(
      profile,
      { "POST /x/y": json(1) },
      { connect: { credentials: { id: "me", pk: "no-key-at-all" } } },
    );
    const error = await made.connection.call("op").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "configuration" });
    expect(String(error)).toMatch(/no private key in PEM or JWK form/);
    expect(String(error)).not.toContain("no-key-at-all");
    expect(made.server.requests).toHaveLength(0);
  });
});

describe("a client certificate", () => {
  const server = createCertificate();
  const ann = createCertificate({ hosts: ["ann"] });
  const eve = createCertificate({ hosts: ["eve"] });

  test("is shown to the server, and each connection's to that one alone", async () => {
    const peers: string[] = [];
    const https = createServer(
      {
        key: server.key,
        cert: server.cert,
        requestCert: true,
        rejectUnauthorized: false,
      },
      (request, response) => {
        const socket = request.socket as TLSSocket;
        peers.push(String(socket.getPeerCertificate().subjectaltname));
        response.setHeader("content-type", "application/json").end("1");
      },
    );
    await new Promise<void>((resolve) => https.listen(0, "127.0.0.1", resolve));
    const host = `127.0.0.1:${(https.address() as AddressInfo).port}`;
    const ir = await irOf(
      descriptor(
        operations,
        "  - { type: bearer, profile_id: p, fields: [{ key: token, label: T, secret: true }, { key: c, label: C }, { key: k, label: K, secret: true }], mtls: { certificate: c, key: k } }",
      ),
    );
    const runtime = createRuntime({ network: { allow: [host], ca: server.cert } });
    const connection = (one: { cert: string; key: string }) =>
      runtime.connect(ir, {
        config: { base_url: `https://${host}` },
        credentials: { token: "t", c: one.cert, k: one.key },
      });
    try {
      const [ofAnn, ofEve] = [connection(ann), connection(eve)];
      for (const one of [ofAnn, ofEve, ofAnn, ofEve]) await one.call("op");
      expect(peers).toEqual(["DNS:ann", "DNS:eve", "DNS:ann", "DNS:eve"]);
      await expect(connection({ ...ann, key: eve.key }).call("op")).rejects.toMatchObject({
        code: "configuration",
      });
      await expect(connection({ cert: "x", key: "y" }).call("op")).rejects.toThrow(/"c" holds no PEM text/);
    } finally {
      await runtime.close();
      await new Promise((resolve) => https.close(resolve));
    }
  });
});
