import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { inspect } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { ConnectorError } from "../../../runtime/index.ts";
import {
  corruptGzip,
  garbage,
  json,
  type Reply,
  redirect,
  requireBasic,
  resetMidBody,
  status,
  text,
  truncatedChunked,
} from "../../../runtime/testing/index.ts";
import { descriptor, type Line, line, operation } from "../../support/line.ts";

let made: Line | undefined;
afterEach(async () => {
  await made?.close();
  made = undefined;
});

const basic = descriptor(
  "operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: basic, retry: { initial_ms: 1, max_ms: 1 } }]",
  '  - type: basic\n    test_endpoint: { url: "{base_url}/me" }',
);
const credentials = { username: "ada", password: "canary/pä$$-77" };

describe("check", () => {
  it("calls the test endpoint with the profile's credentials", async () => {
    made = await line(
      basic,
      { "GET /me": requireBasic("ada", credentials.password, json({ name: "Ada" })) },
      { connect: { credentials } },
    );
    expect(await made.connection.check()).toMatchObject({ ok: true, profile: "basic", status: 200 });
    const wrong = made.runtime.connect(made.ir, {
      credentials: { ...credentials, password: "nope" },
      config: { base_url: made.server.origin },
    });
    expect(await wrong.check()).toMatchObject({
      ok: false,
      profile: "basic",
      status: 401,
      error: { code: "authentication_failed" },
    });
  });

  it("is not taken in by the login page to which strangers are sent", async () => {
    const html = { text: "<html>Sign in</html>", headers: { "content-type": "text/html; charset=utf-8" } };
    made = await line(
      basic,
      { "GET /me": redirect("/login"), "GET /login": html },
      { connect: { credentials } },
    );
    expect(await made.connection.check()).toMatchObject({
      ok: false,
      status: 200,
      error: { code: "authentication_failed", message: expect.stringContaining("login page") },
    });
    made.server.reply({ "GET /me": redirect("/users/1"), "GET /users/1": json({ name: "Ada" }) });
    expect(await made.connection.check()).toMatchObject({ ok: true, status: 200 });
  });

  it("says so where there is nothing to call", async () => {
    made = await line(
      descriptor(
        "operations: [{ operation_id: op, summary: One, endpoint: /x, auth_type_ref: bearer }]",
        "  - type: bearer",
      ),
      {},
      { connect: { credentials: { token: "t-1" } } },
    );
    expect(await made.connection.check()).toMatchObject({ ok: false, error: { code: "unsupported" } });
  });
});

describe("telemetry", () => {
  it("publishes start and end of each call on the channel, without values", async () => {
    const events: unknown[] = [];
    const hear = (event: unknown): void => void events.push(event);
    subscribe("connectorc:call", hear);
    made = await line(operation("endpoint: /x\nparameters: [{ name: q, location: query }]"), {
      "GET /x": json(1),
    });
    await made.connection.call("op", { q: "canary" });
    made.server.reply({ "GET /x": status(404) });
    await made.connection.attempt("op");
    unsubscribe("connectorc:call", hear);
    expect(events).toMatchObject([
      { phase: "start", connector: "test-api", operation: "op", tenant: "default" },
      { phase: "end", attempts: 1, status: 200, error: undefined },
      { phase: "start" },
      { phase: "end", attempts: 1, status: 404, error: "upstream_error" },
    ]);
    expect(JSON.stringify(events)).not.toContain("canary");
  });
});

describe("no answer of a server", () => {
  const { password } = credentials;
  const pair = Buffer.from(`ada:${password}`);
  const echo = [
    password,
    encodeURIComponent(password),
    Buffer.from(password).toString("base64"),
    pair.toString("base64"),
    Buffer.from(password).toString("hex"),
    JSON.stringify(password),
  ].join(" ");
  const faults: [string, Reply][] = [
    ["an echo of the secret in 400", status(400, { message: echo })],
    ["an echo of the secret in 401", status(401, { error: { message: echo, code: password } })],
    ["an echo in HTML", text(`<html>${echo}`, { status: 500 })],
    ["an echo that is no JSON", text(`{${echo}`)],
    ["an echo in a request id", status(403, {}, { "x-request-id": encodeURIComponent(password) })],
    ["an echo in a redirect", redirect(`https://evil.example/?p=${encodeURIComponent(password)}`)],
    ["garbage", garbage()],
    ["a cut body", resetMidBody()],
    ["a cut chunk", truncatedChunked()],
    ["broken gzip", corruptGzip()],
  ];
  it.each(faults)("%s leads to anything but a ConnectorError without secrets", async (_, reply) => {
    const logged: unknown[] = [];
    const log = (fields: object, message: string): void => void logged.push(fields, message);
    made = await line(
      basic,
      { "GET /x": reply },
      {
        connect: { credentials },
        realTime: true,
        runtime: { logger: { debug: log, info: log, warn: log, error: log } },
      },
    );
    // The line's own options are replaced by `runtime`: the network rule comes along.
    const outcome = await made.connection.attempt("op");
    expect(outcome.ok).toBe(false);
    if (outcome.ok) return;
    expect(ConnectorError.is(outcome.error)).toBe(true);
    const shown = [
      inspect(outcome.error, { depth: 9, showHidden: true }),
      JSON.stringify(outcome.error),
      outcome.error.stack,
      inspect(logged, { depth: 9 }),
      inspect(made.connection, { depth: 12, showHidden: true }),
      inspect(await made.runtime.inspect(), { depth: 9 }),
    ].join("\n");
    for (const form of [
      password,
      encodeURIComponent(password),
      Buffer.from(password).toString("base64").replace(/=+$/, ""),
      Buffer.from(password).toString("hex"),
    ])
      expect(shown).not.toContain(form);
    expect(shown).not.toContain(pair.toString("base64"));
  });
});
