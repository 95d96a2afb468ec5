/** JSON of every kind in every place where a server's JSON is read: answers, lines, failures, steps and tokens. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRuntime, type Outcome, type Runtime } from "../../../runtime/index.ts";
import { startServer, type TestServer } from "../../../runtime/testing/index.ts";
import type { Connector } from "../../../schema/ir.ts";
import { descriptor, irOf } from "../../support/line.ts";
import { sampled } from "../../support/sample.ts";
import { suitePath } from "./corpus.ts";
import { type Choice, jsonChoices } from "./json-choices.ts";

const yaml = `${descriptor(
  `operations:
  - { operation_id: answer, summary: One, endpoint: /x, auth_type_ref: none }
  - { operation_id: lines, summary: Lines, endpoint: /x, auth_type_ref: none, response: { type: jsonl } }
  - { operation_id: after_step, summary: One, endpoint: /y, auth_type_ref: chained }
  - { operation_id: after_token, summary: One, endpoint: /y, auth_type_ref: client }
  - operation_id: judged
    summary: One
    endpoint: /x
    auth_type_ref: none
    errors: [{ when: { json: { path: "$..busy", equals: true } }, action: fail, code: busy, message: busy }]
    response: { error_message_path: "$..why" }`,
  `  - type: none
  - { type: api_key, profile_id: chained, credential_chain_id: c, fields: [{ key: k, label: K, secret: true }] }
  - { type: oauth2_client_credentials, profile_id: client, oauth: { token_url: "{base_url}/x" } }`,
)}
credential_chains:
  - chain_id: c
    description: One step.
    initial_credentials_required: [k]
    final_credential_name: token
    steps: [{ step_name: one, method: POST, endpoint: /x, body: { k: "{k}" }, extract: { token: "$.access_token" } }]`;

let ir: Connector;
let server: TestServer;
let runtime: Runtime;
let reply: { readonly status: number; readonly bytes: Uint8Array };

beforeAll(async () => {
  ir = await irOf(yaml);
  server = await startServer({
    "* /x": () => ({ ...reply, headers: { "content-type": "application/json; charset=iso-8859-1" } }),
    "GET /y": { json: 1 },
  });
  runtime = createRuntime({ network: { allow: [server.host] } });
});
afterAll(async () => {
  await runtime.close();
  await server.close();
});

let logins = 0;
/** Calls while the server answers `/x` with these bytes; each time with another credential, so that nothing is cached. */
function called(operation: string, body: string | Uint8Array, status = 200): Promise<Outcome> {
  reply = { status, bytes: Buffer.from(body as Uint8Array) };
  const login = `${++logins}`;
  return runtime
    .connect(ir, {
      config: { base_url: server.origin },
      profiles: {
        chained: { credentials: { k: login } },
        client: { credentials: { client_id: login, client_secret: "s" } },
      },
    })
    .attempt(operation);
}

async function streamed(body: Uint8Array): Promise<unknown[]> {
  reply = { status: 200, bytes: body };
  const stream = await runtime.connect(ir, { config: { base_url: server.origin } }).stream("lines");
  const values: unknown[] = [];
  for await (const value of stream) values.push(value);
  return values;
}

/** By a byte order mark, which has no place but at the beginning. */
const isMarked = (bytes: Uint8Array): boolean => bytes[0] === 0xef;
const isOneLine = (bytes: Uint8Array): boolean => !bytes.includes(0x0a) && !isMarked(bytes);
const line = (bytes: Uint8Array): Uint8Array => Buffer.concat([Buffer.from('{"n":1}\r\n'), bytes]);
const within = (bytes: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from('{"access_token":"t","expires_in":60,"more":'), bytes, Buffer.from("}")]);

/** Asks in one of the places besides the answer itself, by turns; in all of them with `TEST_ALL=1`. */
async function elsewhere(turn: number, places: readonly (() => Promise<void>)[]): Promise<void> {
  for (const place of sampled(places, places.length, turn)) await place();
}

/** A text that is JSON, wherever it comes. */
async function isRead(name: string, bytes: Uint8Array, value: unknown, turn: number): Promise<void> {
  const data = async (operation: string, body: Uint8Array): Promise<void> => {
    const outcome = await called(operation, body);
    expect(outcome.ok ? [outcome.value.data, outcome.value.attempts] : outcome.error, name).toEqual([
      value,
      1,
    ]);
  };
  await data("answer", bytes);
  await elsewhere(turn, [
    async () => {
      expect(await called("answer", bytes, 400), name).toMatchObject({
        ok: false,
        error: { code: "upstream_error", status: 400 },
      });
    },
    async () => {
      if (isOneLine(bytes))
        expect(dataOf(await called("lines", line(bytes))), name).toEqual([{ n: 1 }, value]);
    },
    async () => {
      if (isOneLine(bytes)) expect(await streamed(line(bytes)), name).toEqual([{ n: 1 }, value]);
    },
    async () => {
      if (!isMarked(bytes)) expect(dataOf(await called("after_step", within(bytes))), name).toBe(1);
    },
    async () => {
      if (!isMarked(bytes)) expect(dataOf(await called("after_token", within(bytes))), name).toBe(1);
    },
  ]);
}

const dataOf = (outcome: Outcome): unknown => (outcome.ok ? outcome.value.data : outcome.error);
const invalid = { code: "response_invalid", retryable: false, attempts: 1, status: 200 };

/** A text that is no JSON: the same everywhere. */
async function isRefused(name: string, bytes: Uint8Array, turn: number): Promise<void> {
  const failing = async (operation: string, body: Uint8Array, error: object, status = 200): Promise<void> => {
    const outcome = await called(operation, body, status);
    expect(outcome, name).toMatchObject({ ok: false, error });
    expect(outcome.ok ? "" : outcome.error.message, name).toMatch(/^test-api [a-z_]+: \w[^{}<>]+\.$/);
  };
  await failing("answer", bytes, invalid);
  const unread = { code: "chain_step_failed", retryable: false, phase: "credentials" };
  const hasLine = isOneLine(bytes) && bytes.some((byte) => byte !== 0x20);
  await elsewhere(turn, [
    () => failing("answer", bytes, { code: "upstream_error", status: 400, details: {} }, 400),
    async () => {
      if (hasLine) await failing("lines", line(bytes), invalid);
    },
    async () => {
      if (hasLine)
        await expect(streamed(line(bytes)), name).rejects.toMatchObject({ code: "response_invalid" });
    },
    () => failing("after_step", bytes, unread),
    () => failing("after_token", bytes, unread),
  ]);
}

const suite = suitePath("json-parsing/test_parsing");
const files = suite ? readdirSync(suite) : [];
const read = (name: string): Uint8Array => readFileSync(join(suite ?? "", name));
const named = (prefix: string): string[] => files.filter((name) => name.startsWith(prefix));

describe.skipIf(!suite)("of the JSON parsing suite", () => {
  it("each text that is JSON is read, and its value is the right one", async () => {
    expect(named("y_").length).toBe(95);
    for (const [turn, name] of named("y_").entries()) {
      const bytes = read(name);
      await isRead(name, bytes, JSON.parse(Buffer.from(bytes).toString()), turn);
    }
  });

  it("each text that is none is refused, but for the empty one, which is null", async () => {
    expect(named("n_").length).toBe(188);
    for (const [turn, name] of named("n_").entries()) {
      const bytes = read(name);
      if (bytes.length > 0) await isRefused(name, bytes, turn);
      else expect(await called("answer", bytes), name).toMatchObject({ ok: true, value: { data: null } });
    }
  });

  it("each text that is left to the reader is read as docs/json.md says", async () => {
    expect(named("i_").map((name) => name.slice(2, -5))).toEqual(Object.keys(jsonChoices).sort());
    for (const [turn, [name, { becomes }]] of Object.entries<Choice>(jsonChoices).entries()) {
      const bytes = read(`i_${name}.json`);
      if (becomes) await isRead(name, bytes, becomes.value, turn);
      else await isRefused(name, bytes, turn);
    }
  });
});

const levels = 100_000;
const deepMap = `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;

describe("JSON", () => {
  it.each([
    ["of one name twice", '{"a":1,"b":2,"a":3}', { a: 3, b: 2 }],
    [
      "with names that objects inherit",
      '{"__proto__":{"x":1},"constructor":2}',
      JSON.parse('{"__proto__":{"x":1},"constructor":2}'),
    ],
    ["of zeros", "[-0,0,-0.0,0e5]", [-0, 0, -0, 0]],
    [
      "of numbers that are no doubles",
      "[1e400,-1e400,12345678901234567890,1e-400]",
      ["1e400", "-1e400", "12345678901234567890", 0],
    ],
    ["of halves of pairs", '["\\ud800","\\udc00x"]', ["\ud800", "\udc00x"]],
  ])("%s is read the same wherever it comes", async (name, text, value) => {
    for (let turn = 0; turn < 5; turn++) await isRead(name, Buffer.from(text), value, turn);
  });

  it.each([
    ["after two byte order marks", Buffer.from("\ufeff\ufeff{}")],
    ["in UTF-16", Buffer.from("\ufeff{}", "utf16le")],
    ["in Latin-1, as its content type says", Buffer.from('"Zoë"', "latin1")],
    ["of lists that never end", Buffer.from("[".repeat(levels))],
    ["of maps that never end", Buffer.from('{"a":'.repeat(levels))],
    ["of a blank that is none of JSON's", Buffer.from("\u00a0\f")],
  ])("%s is refused the same wherever it comes", async (name, bytes) => {
    for (let turn = 0; turn < 5; turn++) await isRefused(name, bytes, turn);
  });

  it("100,000 levels deep is read, and hides no failure", async () => {
    const list = `${"[".repeat(levels)}${"]".repeat(levels)}`;
    for (const text of [list, deepMap]) {
      const outcome = await called("answer", text);
      expect(outcome.ok && levelsOf(outcome.value.data)).toBe(levels);
      expect((await called("lines", `1\n${text}`)).ok).toBe(true);
      for (const body of [text, `{"message":"no","error":${text}}`, `{"errors":${text}}`])
        expect(await called("answer", body, 400)).toMatchObject({
          error: { code: "upstream_error", status: 400 },
        });
      for (const operation of ["after_step", "after_token"]) {
        expect((await called(operation, within(Buffer.from(text)))).ok).toBe(true);
        expect(await called(operation, `{"access_token":${text}}`)).toMatchObject({
          error: { code: "chain_step_failed", phase: "credentials" },
        });
      }
    }
  });

  it("too deep for a path of the descriptor is no success, and a failure still tells its status", async () => {
    const body = `{"message":"no","more":${deepMap}}`;
    expect(await called("judged", body)).toMatchObject({ error: { code: "response_invalid" } });
    expect(await called("judged", body, 409)).toMatchObject({
      error: { code: "upstream_error", status: 409, details: { server_message: "no" } },
    });
  });
});

function levelsOf(value: unknown): number {
  let count = 0;
  for (let at: unknown = value; typeof at === "object" && at !== null; at = Object.values(at)[0]) count++;
  return count;
}
