import { afterEach, describe, expect, it } from "vitest";
import { type ConnectOptions, createRuntime } from "../../../runtime/index.ts";
import {
  json,
  type Routes,
  redirect,
  requireBearer,
  resetMidBody,
  silence,
  status,
} from "../../../runtime/testing/index.ts";
import { descriptor, irOf, type Line, type LineOptions, line, operation } from "../../support/line.ts";

let open: Line[] = [];
const start = async (yaml: string, routes: Routes, options?: LineOptions): Promise<Line> => {
  const made = await line(yaml, routes, options);
  open.push(made);
  return made;
};
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

describe("a call", () => {
  it("encodes every parameter for its place and decodes the answer", async () => {
    const { connection, server } = await start(
      operation(`
endpoint: /users/{id}/notes
method: POST
parameters:
  - { name: id, location: path, required: true }
  - { name: q, location: query }
  - { name: tags, location: query, field_type: array }
  - { name: trace, location: header, wire_name: X-Trace }
  - { name: text, location: body, required: true }
  - { name: count, location: body, field_type: integer, default_value: 3 }
  - { name: left_out, location: body }
`),
      { "POST /users/:id/notes": json({ ok: true }, { headers: { "x-request-id": "r-7" } }) },
    );
    const result = await connection.call("op", {
      id: "a/b c",
      q: "x&y=1",
      tags: ["t1", "t 2"],
      trace: "id;1",
      text: 'say "hi"',
    });
    expect(result).toMatchObject({
      data: { ok: true },
      status: 200,
      attempts: 1,
      warnings: [],
      requestId: "r-7",
    });
    const [request] = server.requests;
    expect(request?.target).toBe("/users/a%2Fb%20c/notes?q=x%26y%3D1&tags=t1&tags=t%202");
    expect(request?.headers).toMatchObject({
      "x-trace": "id;1",
      "content-type": "application/json",
      accept: "application/json",
      "user-agent": "connectorc/0.1.0 (test-api)",
    });
    expect(request?.json).toEqual({ text: 'say "hi"', count: 3 });
  });

  it("names an unknown operation, an unknown parameter and a missing one, and sends nothing", async () => {
    const { connection, server } = await start(
      operation("endpoint: /x\nparameters: [{ name: query, location: query, required: true }]"),
      {},
    );
    await expect(connection.call("opp")).rejects.toMatchObject({
      code: "invalid_parameters",
      message: expect.stringContaining('Did you mean "op"?'),
    });
    await expect(connection.call("op", { qeury: 1 })).rejects.toMatchObject({
      details: { parameter: "qeury" },
      message: expect.stringContaining('Did you mean "query"?'),
    });
    await expect(connection.call("op", {})).rejects.toMatchObject({
      code: "invalid_parameters",
      connector: "test-api",
      operation: "op",
      details: { parameter: "query" },
    });
    expect(server.requests).toHaveLength(0);
  });

  it.each([
    [404, "upstream_error", false],
    [403, "permission_denied", false],
    [401, "authentication_failed", false],
    [418, "upstream_error", false],
  ])("turns status %i into %s with the server's own message", async (code, error, retryable) => {
    const { connection } = await start(operation("endpoint: /x"), {
      "GET /x": status(code, { message: "no such thing", code: "E1" }, { "x-request-id": "abc" }),
    });
    await expect(connection.call("op")).rejects.toMatchObject({
      code: error,
      retryable,
      status: code,
      requestId: "abc",
      attempts: 1,
      phase: "response",
      message: expect.stringContaining("no such thing"),
      details: { server_code: "E1" },
    });
  });

  it("answers an error as a value from attempt", async () => {
    const { connection } = await start(operation("endpoint: /x"), { "GET /x": status(404) });
    const outcome = await connection.attempt("op");
    expect(outcome).toMatchObject({ ok: false, error: { code: "upstream_error", status: 404 } });
  });

  it("warns where the answer does not fit its schema, and fails in strict mode", async () => {
    const yaml = operation(
      "endpoint: /x\nresponse_schema: { type: object, properties: { id: { type: integer } } }",
    );
    const { connection, runtime, server, ir } = await start(yaml, { "GET /x": json({ id: "seven" }) });
    const { warnings } = await connection.call("op");
    expect(warnings).toMatchObject([
      { code: "schema", path: "/id", message: expect.stringMatching(/`response_schema` at \/id: must be/) },
    ]);
    const strict = runtime.connect(ir, { config: { base_url: server.origin }, schemaCheck: "strict" });
    await expect(strict.call("op")).rejects.toMatchObject({ code: "response_invalid", phase: "response" });
    const off = runtime.connect(ir, { config: { base_url: server.origin }, schemaCheck: "off" });
    expect((await off.call("op")).warnings).toEqual([]);
  });

  it("warns once that an operation is deprecated", async () => {
    const { connection } = await start(
      operation("endpoint: /x\ndeprecated: true\ndeprecated_message: Use other."),
      { "GET /x": json(1) },
    );
    expect((await connection.call("op")).warnings).toEqual([{ code: "deprecated", message: "Use other." }]);
    expect((await connection.call("op")).warnings).toEqual([]);
  });

  it("follows a redirect on the same origin for GET and refuses one to elsewhere", async () => {
    const { connection, server } = await start(operation("endpoint: /a"), {
      "GET /a": redirect("/b?x=1"),
      "GET /b": json("here"),
    });
    expect(await connection.call("op")).toMatchObject({ data: "here", attempts: 1 });
    expect(server.requests.map((request) => request.target)).toEqual(["/a", "/b?x=1"]);
    server.reply({ "GET /a": redirect("https://evil.example/steal") });
    await expect(connection.call("op")).rejects.toMatchObject({
      code: "destination_blocked",
      phase: "destination",
    });
    server.reply({ "GET /a": redirect("/a") });
    await expect(connection.call("op")).rejects.toMatchObject({
      code: "destination_blocked",
      message: expect.stringContaining("more than 3 times"),
    });
  });

  it("does not follow a redirect of a write", async () => {
    const { connection, server } = await start(operation("endpoint: /a\nmethod: POST"), {
      "POST /a": redirect("/b", 307),
      "POST /b": json(1),
    });
    await expect(connection.call("op")).rejects.toMatchObject({ code: "upstream_error", status: 307 });
    expect(server.requests).toHaveLength(1);
  });

  it("refuses a destination that the network rules do not allow", async () => {
    const ir = await irOf(operation("endpoint: /x"));
    const runtime = createRuntime();
    const connection = runtime.connect(ir, { config: { base_url: "http://127.0.0.1:9" } });
    await expect(connection.call("op")).rejects.toMatchObject({
      code: "destination_blocked",
      phase: "destination",
    });
    await runtime.close();
  });

  it("ends at its deadline and at the caller's abort", async () => {
    const { connection, clock } = await start(operation("endpoint: /x"), { "GET /x": silence() });
    const late = expect(connection.call("op", {}, { timeoutMs: 80 })).rejects.toMatchObject({
      code: "deadline_exceeded",
    });
    await clock.advance(80);
    await late;
    const abort = new AbortController();
    const call = connection.call("op", {}, { signal: abort.signal });
    abort.abort();
    // The clock stands still: nothing but the abort can end the call.
    await expect(call).rejects.toMatchObject({ code: "aborted" });
  });

  it("says what to do when the server is not there", async () => {
    const ir = await irOf(operation("endpoint: /x\nretry: { initial_ms: 1, max_ms: 1 }"));
    const runtime = createRuntime({ network: { allow: ["127.0.0.1"] } });
    const connection = runtime.connect(ir, { config: { base_url: "http://127.0.0.1:1" } });
    // Port 1 is one that no API uses: judged before anything is sent.
    await expect(connection.call("op")).rejects.toMatchObject({
      code: expect.stringMatching(/network_error|destination_blocked/),
    });
    await runtime.close();
  });

  it("fails with a body that breaks off", async () => {
    const { connection } = await start(
      operation("endpoint: /x\nretry: { max_attempts: 1 }"),
      { "GET /x": resetMidBody() },
      { realTime: true },
    );
    await expect(connection.call("op")).rejects.toMatchObject({
      code: "network_error",
      attempts: 1,
      retryable: true,
    });
  });

  it("refuses calls after close", async () => {
    const { connection, runtime } = await start(operation("endpoint: /x"), { "GET /x": json(1) });
    await connection.call("op");
    await runtime.close();
    await expect(connection.call("op")).rejects.toMatchObject({ code: "aborted" });
  });

  it("sends bearer and basic credentials in their own place and never shows them", async () => {
    const yaml = descriptor(
      `operations:
  - { operation_id: by_token, summary: One, endpoint: /token, auth_type_ref: bearer }
  - { operation_id: by_password, summary: Two, endpoint: /password, auth_type_ref: basic }`,
      "  - type: bearer\n  - type: basic",
    );
    const { connection, server } = await start(
      yaml,
      {
        "GET /token": requireBearer((token) => token === "s3cret-token", json(1)),
        "GET /password": status(403, {
          message: "user ada with password pass:wörd! is not wanted, cGFzczp3w7ZyZCE=",
        }),
      },
      {
        connect: {
          profiles: {
            bearer: { credentials: { token: "s3cret-token" } },
            basic: { credentials: { username: "ada", password: "pass:wörd!" } },
          },
        },
      },
    );
    await connection.call("by_token");
    const error = await connection.attempt("by_password");
    expect(server.requests[1]?.headers.authorization).toBe(
      `Basic ${Buffer.from("ada:pass:wörd!").toString("base64")}`,
    );
    expect(JSON.stringify(error)).not.toContain("wörd");
    expect(error.ok ? "" : error.error.message).toContain(
      "user ada with password [secret] is not wanted, [secret]",
    );
  });
});

describe("connect", () => {
  it("refuses what cannot work, by name", async () => {
    const ir = await irOf(
      descriptor(
        "operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: bearer }]",
        "  - type: bearer",
      ),
    );
    const runtime = createRuntime();
    const connect = (options: ConnectOptions) => () =>
      runtime.connect(ir, { ...options, config: { base_url: "https://x.example", ...options.config } });
    expect(() => runtime.connect(ir)).toThrow(/Setting "base_url" is required/);
    expect(connect({ profile: "baerer" })).toThrow(/There is no profile "baerer". Did you mean "bearer"\?/);
    expect(connect({ profile: "bearer" })).toThrow(/Profile "bearer" needs "token"/);
    expect(connect({ credentials: { tokn: "x" } })).toThrow(
      /There is no credential "tokn".*Did you mean "token"/,
    );
    expect(connect({ config: { token: "x" } })).toThrow(/"token" is a credential/);
    expect(connect({ config: { bas_url: "x" } })).toThrow(/Did you mean "base_url"/);
    expect(() => runtime.connect({ ...ir, ir_version: 99 })).toThrow(/ir_version is 99/);
    expect(() => runtime.connect({ ...ir, requires: ["auth:quantum"] })).toThrow(/needs auth:quantum/);
    const late = runtime.connect(ir, { config: { base_url: "https://x.example" } });
    await expect(late.call("op")).rejects.toMatchObject({ code: "missing_credential" });
    await runtime.close();
  });
});
