import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { bytes, json, type Reply, sequence, status, text } from "../../../runtime/testing/index.ts";
import { type Line, type LineOptions, line, operation } from "../../support/line.ts";
import { byHand, chunk, iterator } from "./by-hand.ts";

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

async function made(
  response: string,
  reply: Reply | (() => Reply | Promise<Reply>),
  options: LineOptions & { readonly more?: string } = {},
): Promise<Line> {
  const one = await line(
    operation(`endpoint: /x\nresponse: ${response}\n${options.more ?? ""}`),
    { "GET /x": reply },
    options,
  );
  open.push(one);
  return one;
}

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of stream) values.push(value);
  return values;
}

describe("a streamed answer", () => {
  it("gives each record of JSON Lines before the next one is sent", async () => {
    const hand = byHand();
    const { connection } = await made("{ type: jsonl }", hand.reply);
    const opening = connection.stream("op");
    const wire = await hand.wire;
    wire.write(chunk('{"id":1}\n{"id"'));
    const stream = await opening;
    expect(stream.status).toBe(200);
    const records = iterator(stream);
    expect(await records.next()).toEqual({ done: false, value: { id: 1 } });
    wire.write(chunk(":9007199254740993}\n\n"));
    expect(await records.next()).toEqual({ done: false, value: { id: "9007199254740993" } });
    wire.write("0\r\n\r\n");
    expect(await records.next()).toEqual({ done: true, value: undefined });
  });

  it("gives rows of CSV by their column names, with line breaks in quotes and wherever pieces are cut", async () => {
    const hand = byHand();
    const { connection } = await made("{ type: csv }", hand.reply);
    const opening = connection.stream("op");
    const wire = await hand.wire;
    for (const char of '\ufeffid,note\r\n1,"a\r\n""b"", c"\r\n2,é\r\n3,') wire.write(chunk(char));
    wire.write("0\r\n\r\n");
    expect(await all(await opening)).toEqual([
      { id: "1", note: 'a\r\n"b", c' },
      { id: "2", note: "é" },
      { id: "3", note: "" },
    ]);
  });

  it("gives text without half a character, and bytes as they come", async () => {
    const content = "é€😀".repeat(1_000);
    const asText = await made("{ type: text }", { text: content });
    expect((await all(await asText.connection.stream<string>("op"))).join("")).toBe(content);
    const asBytes = await made("{ type: binary }", bytes(Buffer.from(content)));
    const pieces = await all(await asBytes.connection.stream<Uint8Array>("op"));
    expect(Buffer.concat(pieces).toString()).toBe(content);
  });

  it("is undone of its content coding, and may be larger than what `call` takes", async () => {
    const row = `${JSON.stringify({ text: "x".repeat(100) })}\n`;
    const reply: Reply = {
      bytes: gzipSync(
        row.repeat(300) + Array.from({ length: 3_000 }, (_, n) => `{"n":${Math.sin(n)}}\n`).join(""),
      ),
      headers: { "content-encoding": "gzip" },
    };
    const { connection } = await made("{ type: jsonl }", reply, { runtime: { maxResponseBytes: 10_000 } });
    await expect(connection.call("op")).rejects.toMatchObject({ code: "response_too_large" });
    expect(await all(await connection.stream("op"))).toHaveLength(3_300);
  });

  it("makes the server wait for a slow reader", async () => {
    const total = 128 * 1024 * 1024;
    const piece = Buffer.alloc(64 * 1024);
    let written = 0;
    const reply: Reply = {
      raw: ({ socket }) => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${total}\r\n\r\n`);
        const more = (): void => {
          while (written < total) {
            written += piece.length;
            if (!socket.write(piece)) break;
          }
        };
        socket.on("drain", more);
        more();
      },
    };
    const { connection } = await made("{ type: binary }", reply);
    const stream = await connection.stream<Uint8Array>("op");
    const pieces = iterator(stream);
    let read = (await pieces.next()).value.length;
    await stalled(() => written);
    expect(written).toBeLessThan(total / 2);
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) read += next.value.length;
    expect(read).toBe(total);
  });

  it("frees its connection when its reader leaves, and holds slot and limit until then", async () => {
    const hand = byHand();
    const limited =
      operation("endpoint: /x\nresponse: { type: jsonl }\nrate_limit_scope: few") +
      "\nrate_limits: [{ name: few, scope: per_connection, limit: 100, interval_seconds: 1, max_concurrent: 1 }]";
    const one = await line(limited, { "GET /x": sequence(hand.reply, text('{"n":1}\n')) });
    open.push(one);
    const opening = one.connection.stream("op");
    (await hand.wire).write(chunk('{"id":1}\n{"id":2}\n'));
    const stream = await opening;
    expect((await one.runtime.inspect()).limits).toMatchObject([{ running: 1 }]);
    for await (const record of stream) {
      expect(record).toEqual({ id: 1 });
      break;
    }
    await hand.closed;
    expect((await one.runtime.inspect()).limits).toMatchObject([{ running: 0 }]);
    expect(await all(await one.connection.stream("op"))).toEqual([{ n: 1 }]);
  });

  it("that nobody begins to read is ended by `cancel`", async () => {
    const hand = byHand();
    const { connection } = await made("{ type: jsonl }", hand.reply);
    const stream = await connection.stream("op");
    stream.cancel();
    await hand.closed;
    expect(await all(stream)).toEqual([]);
  });

  it("can be read once", async () => {
    const { connection } = await made("{ type: jsonl }", text("1\n2\n"));
    const stream = await connection.stream("op");
    expect(await all(stream)).toEqual([1, 2]);
    await expect(all(stream)).rejects.toMatchObject({ code: "invalid_parameters" });
  });

  it("of JSON is refused before anything is sent, but its bytes may be had", async () => {
    const { connection, server } = await made("{ type: json }", json({ a: 1 }));
    await expect(connection.stream("op")).rejects.toMatchObject({ code: "unsupported", operation: "op" });
    expect(server.requests).toHaveLength(0);
    const pieces = await all(await connection.stream<Uint8Array>("op", {}, { as: "bytes" }));
    expect(Buffer.concat(pieces).toString()).toBe('{"a":1}');
  });

  it.each([{ idleTimeoutMs: 0 }, { maxBytes: -1 }, { maxDurationMs: Number.NaN }, { timeoutMs: 0 }])(
    "needs sensible options: %j",
    async (options) => {
      const { connection, server, runtime } = await made("{ type: jsonl }", text("1\n"));
      await expect(connection.stream("op", {}, options)).rejects.toMatchObject({
        code: "invalid_parameters",
      });
      expect(server.requests).toHaveLength(0);
      await runtime.close();
    },
  );
});

describe("a streamed answer that goes wrong", () => {
  it.each([
    ["in a chunked body", "transfer-encoding: chunked", chunk('{"id":1}\n{"id":2}\n'), 2],
    ["in a body of a known length", "content-length: 100", '{"id":1}\n', 1],
    ["in a body that only the close ends", "connection: close", '{"id":1}\n{"id":', 1],
  ])("is truncated: cut %s", async (_, head, body, whole) => {
    const reply: Reply = {
      raw: (wire) => {
        wire.write(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n${body}`);
        wire.end();
      },
    };
    const { connection } = await made("{ type: jsonl }", reply);
    const records: unknown[] = [];
    const reading = (async () => {
      for await (const record of await connection.stream("op")) records.push(record);
    })();
    await expect(reading).rejects.toMatchObject({
      code: "network_error",
      operation: "op",
      status: 200,
      details: { reason: "truncated" },
    });
    expect(records).toHaveLength(whole);
  });

  it("is truncated where CSV ends within quotes", async () => {
    const reply: Reply = {
      raw: (wire) => {
        wire.write('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nid\n1\n"2');
        wire.end();
      },
    };
    const { connection } = await made("{ type: csv }", reply);
    await expect(connection.stream("op").then(all)).rejects.toMatchObject({
      details: { reason: "truncated" },
    });
  });

  it.each([
    ["jsonl", '1\n\n{"a":}\n4', { message: /Line 3/ }],
    ["csv", "a,b\n1,2\n3\n", { message: /line 3/ }],
    ["csv", "a,a\n1,2\n", { message: /column 2/ }],
    ["jsonl", "<!doctype html><p>login", { message: /HTML/ }],
    ["text", Buffer.from([0x61, 0xff]), { message: /utf-8/ }],
  ])("tells where %s is wrong: %j", async (type, body, expected) => {
    const { connection } = await made(`{ type: ${type} }`, { bytes: Buffer.from(body) });
    await expect(connection.stream("op").then(all)).rejects.toMatchObject({
      code: "response_invalid",
      message: expect.stringMatching(expected.message),
    });
  });

  it("ends after `idleTimeoutMs` without a byte, while one is waited for", async () => {
    const hand = byHand();
    const { connection, clock } = await made("{ type: jsonl }", hand.reply);
    const opening = connection.stream("op", {}, { idleTimeoutMs: 5_000 });
    (await hand.wire).write(chunk("1\n"));
    const records = iterator(await opening);
    await records.next();
    await clock.advance(60_000); // a reader's own time is no silence of the server's
    const next = records.next();
    next.catch(() => {});
    await clock.advance(5_000);
    await expect(next).rejects.toMatchObject({ code: "deadline_exceeded", message: /5000 ms/ });
    await hand.closed;
  });

  it("ends after `maxDurationMs`, on the caller's signal, and when the runtime closes", async () => {
    const stops: ((line: Line, abort: AbortController) => Promise<unknown>)[] = [
      ({ clock }) => clock.advance(20_000),
      async (_, abort) => abort.abort(),
      async ({ runtime, clock }) => {
        const closed = runtime.close();
        await clock.advance(10_001);
        await closed;
      },
    ];
    const codes = [];
    for (const stop of stops) {
      const hand = byHand();
      const one = await made("{ type: jsonl }", hand.reply);
      const abort = new AbortController();
      const stream = await one.connection.stream("op", {}, { maxDurationMs: 20_000, signal: abort.signal });
      const next = iterator(stream).next();
      next.catch(() => {});
      await stop(one, abort);
      codes.push(await next.catch(({ code }) => code));
      await hand.closed;
    }
    expect(codes).toEqual(["deadline_exceeded", "aborted", "aborted"]);
  });

  it("ends at `maxBytes`, and at a record without an end", async () => {
    const endless: Reply = {
      raw: ({ socket }) => {
        socket.write("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n");
        const more = (): void => {
          while (socket.write(Buffer.alloc(64 * 1024, "1")));
        };
        socket.on("drain", more);
        more();
      },
    };
    const binary = await made("{ type: binary }", endless);
    const stream = await binary.connection.stream("op", {}, { maxBytes: 1_000_000 });
    await expect(all(stream)).rejects.toMatchObject({ code: "response_too_large", message: /maxBytes/ });
    const lines = await made("{ type: jsonl }", endless);
    await expect(lines.connection.stream("op").then(all)).rejects.toMatchObject({
      code: "response_too_large",
      message: /One record/,
    });
  });
});

describe("the answers before the streamed one", () => {
  it("are judged and repeated as in a call", async () => {
    const reply = sequence(status(503, { message: "later" }), text('{"n":1}\n'));
    const one = await made("{ type: jsonl }", json(0), { realTime: true });
    one.server.reply({ "GET /x": reply });
    const stream = await one.connection.stream("op");
    expect(stream.attempts).toBe(2);
    expect(await all(stream)).toEqual([{ n: 1 }]);
  });

  it("fail with the server's message, whatever the type of the stream", async () => {
    const { connection, runtime } = await made("{ type: binary }", status(404, { message: "no such file" }));
    await expect(connection.stream("op")).rejects.toMatchObject({
      status: 404,
      details: { server_message: "no such file" },
    });
    await runtime.close();
  });

  const rule = "errors: [{ when: { json: { path: $.error } }, action: fail, code: busy }]";

  it("may be a success with an error in it, which a rule sees", async () => {
    const { connection } = await made("{ type: jsonl }", text('{"error":"busy"}\n'), { more: rule });
    await expect(connection.stream("op")).rejects.toMatchObject({ code: "busy" });
  });

  it("are not waited for where they are long, although a rule looks into bodies", async () => {
    const hand = byHand();
    const { connection } = await made("{ type: jsonl }", hand.reply, { more: rule });
    const opening = connection.stream("op");
    const wire = await hand.wire;
    const row = `"${"x".repeat(40_000)}"\n`;
    wire.write(chunk(row));
    wire.write(chunk(row));
    const records = iterator(await opening);
    expect((await records.next()).value).toHaveLength(40_000);
    wire.write(chunk("3\n"));
    wire.write("0\r\n\r\n");
    expect((await records.next()).value).toHaveLength(40_000);
    expect(await records.next()).toEqual({ done: false, value: 3 });
    expect(await records.next()).toEqual({ done: true, value: undefined });
  });

  it("are still bounded where the stream itself is not", async () => {
    const reply: Reply = { status: 500, bytes: Buffer.alloc(50_000) };
    const { connection } = await made("{ type: binary }", reply, { runtime: { maxResponseBytes: 10_000 } });
    await expect(connection.stream("op")).rejects.toMatchObject({ code: "response_too_large" });
  });

  it("let nothing pass that a rule ignores", async () => {
    const { connection } = await made("{ type: jsonl }", status(404, { why: "none" }), {
      more: "errors: [{ when: { status: 404 }, action: ignore }]",
    });
    expect(await all(await connection.stream("op"))).toEqual([]);
  });
});

describe("the schema of a streamed list", () => {
  const more = "response_schema: { type: array, items: { type: object, required: [id] } }";
  const body = text('{"id":1}\n{"no":2}\n{"id":3}\n');

  it("is held against each record: with a warning for the first that does not fit", async () => {
    const { connection } = await made("{ type: jsonl }", body, { more });
    const stream = await connection.stream("op");
    expect(await all(stream)).toHaveLength(3);
    expect(stream.warnings).toMatchObject([{ code: "schema", path: "/1" }]);
  });

  it("ends the stream where it is strict", async () => {
    const { connection } = await made("{ type: jsonl }", body, { more, connect: { schemaCheck: "strict" } });
    const records = iterator(await connection.stream("op"));
    expect((await records.next()).value).toEqual({ id: 1 });
    await expect(records.next()).rejects.toMatchObject({ code: "response_invalid", message: /\/1/ });
  });
});

describe("records of an answer without pages", () => {
  it.each([
    ["jsonl", '{"id":"1"}\n'],
    ["csv", "id\n1\n"],
  ])("come from %s while it is still sent", async (type, first) => {
    const hand = byHand();
    const { connection } = await made(`{ type: ${type} }`, hand.reply);
    const records = connection.records("op");
    const next = records.next();
    (await hand.wire).write(chunk(first));
    expect(await next).toEqual({ done: false, value: { id: "1" } });
    await records.return();
    await hand.closed;
  });
});

/** Resolves once the count has stopped to grow. */
async function stalled(count: () => number): Promise<void> {
  for (let before = -1; before !== count(); ) {
    before = count();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
