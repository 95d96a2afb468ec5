import { describe, expect, it } from "vitest";
import { ConnectorError } from "../../../runtime/index.ts";
import type { GateRequest } from "../../../runtime/mcp/index.ts";
import type { ReceivedRequest, Reply } from "../../../runtime/testing/index.ts";
import { descriptor, operation } from "../../support/line.ts";
import { offered, stage } from "./support.ts";

const plain = `${operation("endpoint: /x")}${offered}`;
const limited = `${plain}
rate_limits: [{ scope: per_account, limit: 1, interval_seconds: 3600 }]`;

/** A request that hangs, and a promise that settles once its connection is gone. */
function hanging() {
  let arrived = (): void => {};
  let gone = (): void => {};
  const hasArrived = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const isGone = new Promise<void>((resolve) => {
    gone = resolve;
  });
  const reply: Reply = {
    raw: ({ socket }) => {
      arrived();
      socket.once("close", gone);
    },
  };
  return { reply, hasArrived, isGone };
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe("a cancelled call", () => {
  it("ends its HTTP request", async () => {
    const { reply, hasArrived, isGone } = hanging();
    const { client } = await stage(plain, { "GET /x": reply });
    const stop = new AbortController();
    const call = client.callTool({ name: "op", arguments: {} }, { signal: stop.signal });
    await hasArrived;
    stop.abort();
    await expect(call).rejects.toThrow();
    await isGone;
  });

  it("leaves the queue of its limit", async () => {
    // A call that cannot start within its time is refused at once: it gets more than the hour.
    const { client, line } = await stage(
      limited,
      { "GET /x": { json: {} } },
      { server: { timeoutMs: 7_200_000 } },
    );
    await client.callTool({ name: "op", arguments: {} });
    const stop = new AbortController();
    const call = client.callTool({ name: "op", arguments: {} }, { signal: stop.signal });
    const waiting = async () =>
      (await line.runtime.inspect()).queues.reduce((sum, queue) => sum + queue.waiting, 0);
    await until(async () => (await waiting()) === 1);
    stop.abort();
    await expect(call).rejects.toThrow();
    await until(async () => (await waiting()) === 0);
    expect(line.server.requests).toHaveLength(1);
  });
});

/** An answer that is held back until `release`. */
function held() {
  let arrived = (): void => {};
  let release = (): void => {};
  const hasArrived = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const reply = async (): Promise<Reply> => {
    arrived();
    await released;
    return { json: { done: true } };
  };
  return { reply, hasArrived, release };
}

describe("a call that waits", () => {
  it("says so, time and again", async () => {
    const { reply, release } = held();
    const { client } = await stage(plain, { "GET /x": reply }, { server: { progressMs: 20 } });
    const told: string[] = [];
    await client.callTool(
      { name: "op", arguments: {} },
      {
        onprogress: ({ message }) => {
          told.push(message ?? "");
          if (told.length === 3) release();
        },
      },
    );
    expect(told[2]).toMatch(/waiting for a limit or for the API/);
  });

  it("keeps a client from giving up that waits a short time for each word, while a limit holds the call back", async () => {
    const { client, line } = await stage(
      `${plain}
rate_limits: [{ scope: per_account, limit: 1, interval_seconds: 2 }]`,
      { "GET /x": { json: { done: true } } },
      { server: { progressMs: 20 } },
    );
    await client.callTool({ name: "op", arguments: {} });
    const call = (options: object) =>
      client.callTool({ name: "op", arguments: {} }, { timeout: 400, onprogress: () => {}, ...options });
    // The same wait without patience: its place in the queue is free again, and nothing is sent for it.
    await expect(call({ resetTimeoutOnProgress: false })).rejects.toThrow(/timed out/i);
    await until(async () => (await line.runtime.inspect()).queues.every(({ waiting }) => waiting === 0));
    expect((await call({ resetTimeoutOnProgress: true })).structuredContent).toEqual({ done: true });
    expect(line.server.requests).toHaveLength(2);
  });
});

describe("many calls", () => {
  it("run so many at a time, and are refused where too many wait", async () => {
    let running = 0;
    let most = 0;
    const { call } = await stage(
      plain,
      {
        "GET /x": async () => {
          running += 1;
          most = Math.max(most, running);
          await new Promise((resolve) => setTimeout(resolve, 20));
          running -= 1;
          return { json: {} };
        },
      },
      { server: { concurrency: 2, maxWaiting: 6 } },
    );
    const answers = await Promise.all(Array.from({ length: 12 }, () => call("op")));
    expect(most).toBeLessThanOrEqual(2);
    const refused = answers.filter(({ isError }) => isError);
    for (const { structured } of refused) expect(structured.error).toMatchObject({ code: "queue_full" });
    expect(answers.length - refused.length).toBeGreaterThanOrEqual(8);
  });
});

describe("a tool that changes something", () => {
  const writing = `${descriptor(`operations:
  - operation_id: add
    endpoint: /items
    method: POST
    summary: Adds an item
    auth_type_ref: none
    tags: [items]
    idempotency: { header: Idempotency-Key }
    parameters: [{ name: name, location: body, required: true }]
  - operation_id: list
    endpoint: /items
    summary: Lists items
    auth_type_ref: none`)}${offered}`;

  it("goes through the gate, which sees the call and gives its key", async () => {
    const seen: GateRequest[] = [];
    const { call, line } = await stage(
      writing,
      { "* /items": { json: { id: 1 } } },
      {
        server: {
          gate: {
            run: (request, go) => {
              seen.push(request);
              return go({ idempotencyKey: "key-1" });
            },
          },
        },
      },
    );
    await call("add", { name: "a" });
    await call("list");
    expect(seen).toMatchObject([
      {
        operation: "add",
        tool: "add",
        tags: ["items"],
        parameters: { name: "a" },
        caller: { tenant: "default" },
      },
    ]);
    expect(line.server.requests.map(({ headers }) => headers["idempotency-key"])).toEqual([
      "key-1",
      undefined,
    ]);
  });

  it("does not run where the gate refuses", async () => {
    const refusal = new ConnectorError({ code: "policy_denied", phase: "request", message: "Not today." });
    const { call, line } = await stage(
      writing,
      {},
      {
        server: { gate: { run: () => Promise.reject(refusal) } },
      },
    );
    expect((await call("add", { name: "a" })).structured.error).toMatchObject({ code: "policy_denied" });
    expect(line.server.requests).toEqual([]);
  });

  it("is not served unless that is allowed", async () => {
    const { client, tools } = await stage(writing, {}, { server: { select: {} } });
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["list"]);
    expect(tools.writesLeftOut).toBe(1);
  });
});

describe("secrets", () => {
  const secret = "canary-Zm9v-7f3a91";
  const guarded = `${descriptor(
    `operations:
  - { operation_id: fail, endpoint: /fail, summary: Fails, auth_type_ref: api_key, retry: { max_attempts: 1 } }
  - { operation_id: gone, endpoint: /gone, summary: Breaks off, auth_type_ref: api_key, retry: { max_attempts: 1 } }
  - operation_id: pages
    endpoint: /pages
    summary: Has pages
    auth_type_ref: api_key
    pagination: { type: cursor, next_url_path: $.next }
    response: { records_path: $.items }`,
    `  - type: api_key
    fields: [{ key: key, label: Key, field_type: secret }]
    auth_headers: { Authorization: "Bearer {key}" }
    auth_query: { token: "{key}" }`,
  )}${offered}`;

  it("are in no answer, error, cursor or log, whatever the server echoes", async () => {
    const logged: unknown[] = [];
    const log = (...said: unknown[]) => void logged.push(said);
    const logger = { debug: log, info: log, warn: log, error: log };
    const { call, line } = await stage(
      guarded,
      {
        "GET /fail": ({ target, headers }) => ({
          status: 400,
          json: { message: `no: ${target} ${headers.authorization}` },
        }),
        "GET /gone": { raw: (wire) => wire.reset() },
        "GET /pages": ({ target }, { origin }) => ({
          json: { items: [{ id: 1 }], next: `${origin}${target}&page=2` },
        }),
      },
      { connect: { credentials: { key: secret } }, runtime: { logger }, server: { logger } },
    );
    const answers = [await call("fail"), await call("gone"), await call("pages")];
    expect(answers.map(({ isError }) => isError)).toEqual([true, true, false]);
    expect(line.server.requests[0]?.headers.authorization).toBe(`Bearer ${secret}`);
    const cursor = String(answers[2]?.structured.next_cursor);
    const page = JSON.parse(Buffer.from(cursor.split(".")[0] ?? "", "base64url").toString())[1][0];
    const told = [JSON.stringify([answers, logged]), Buffer.from(page, "base64url").toString()].join("\n");
    expect(told).toContain("page=2");
    for (const form of [secret, Buffer.from(secret).toString("base64"), encodeURIComponent(secret)])
      expect(told).not.toContain(form);
  });

  const echoing = `${descriptor(
    `operations:
  - { operation_id: echo, endpoint: /echo, summary: Repeats the request, auth_type_ref: basic }
  - { operation_id: lines, endpoint: /lines, summary: Repeats it in a list, auth_type_ref: basic, response: { records_path: $.items } }
  - { operation_id: dump, endpoint: /dump, summary: Repeats it as text, auth_type_ref: basic, response: { type: text } }
  - { operation_id: file, endpoint: /file, summary: Repeats it as a file, auth_type_ref: basic, response: { type: binary } }`,
    `  - type: basic
    fields: [{ key: username, label: User }, { key: password, label: Password, field_type: secret }]`,
  )}${offered}`;

  it("are in no answer of an API that repeats what it was sent", async () => {
    const password = 'p<ss "wörd" 7f3a91';
    const pair = Buffer.from(`ann:${password}`).toString("base64");
    const said = ({ headers }: ReceivedRequest) => ({
      headers: { Authorization: headers.authorization, host: headers.host },
      [`by ${headers.authorization}`]: { password, url: `/?p=${encodeURIComponent(password)}` },
    });
    const { call, client } = await stage(
      echoing,
      {
        "GET /echo": (request) => ({ json: said(request) }),
        "GET /lines": (request) => ({ json: { items: [said(request), { id: 2 }] } }),
        "GET /dump": (request) => ({
          text: JSON.stringify(said(request)),
          headers: { "content-type": "text/plain" },
        }),
        "GET /file": (request) => ({
          text: JSON.stringify(said(request)),
          headers: { "content-type": "text/csv" },
        }),
      },
      { connect: { credentials: { username: "ann", password } } },
    );
    const file = await call("file");
    const answers = [await call("echo"), await call("lines"), await call("dump"), file];
    const read = await client.readResource({ uri: String(file.structured.resource) });
    const told = JSON.stringify([answers, read]);
    expect(answers.map(({ isError }) => isError)).toEqual([false, false, false, false]);
    expect(answers[0]?.structured).toMatchObject({
      headers: { Authorization: "Basic [secret]", host: expect.stringMatching(/^127/) },
      "by Basic [secret]": { password: "[secret]", url: "/?p=[secret]" },
    });
    expect(answers[1]?.structured.items).toHaveLength(2);
    for (const { structured, content } of answers.slice(0, 3))
      expect(content[0]).toEqual({ type: "text", text: JSON.stringify(structured) });
    for (const form of [pair, JSON.stringify(password).slice(1, -1), encodeURIComponent(password), "7f3a91"])
      expect(told).not.toContain(form);
  });

  it("that are ordinary words stay, or the answers that hold those would be garbled", async () => {
    const { call } = await stage(
      echoing,
      { "GET /echo": { json: { role: "admin" } } },
      { connect: { credentials: { username: "ann", password: "admin" } } },
    );
    expect((await call("echo")).structured).toEqual({ role: "admin" });
  });
});

describe("a server that stops", () => {
  it("finishes what runs and takes no more", async () => {
    const { reply, hasArrived, release } = held();
    const { client, tools } = await stage(plain, { "GET /x": reply });
    const running = client.callTool({ name: "op", arguments: {} });
    await hasArrived;
    const closed = tools.close();
    await expect(client.callTool({ name: "op", arguments: {} })).rejects.toThrow(/being stopped/);
    release();
    expect((await running).structuredContent).toEqual({ done: true });
    await closed;
  });
});
