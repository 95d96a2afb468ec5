import { createHash } from "node:crypto";
import { createServer, type Socket } from "node:net";
import { Readable } from "node:stream";
import { ReadableStream } from "node:stream/web";
import { afterEach, describe, expect, it } from "vitest";
import { json, type Reply, sequence, status } from "../../../runtime/testing/index.ts";
import { type Line, type LineOptions, line, operation } from "../../support/line.ts";

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

const binary =
  "method: PUT\ncontent_type: octet-stream\nparameters: [{ name: file, location: body, field_type: file }]";
const multipart =
  "method: POST\ncontent_type: multipart\nparameters: [{ name: note, location: body }, { name: file, location: body, field_type: file }]";

async function upTo(
  fields: string,
  reply: Reply | ReturnType<typeof sequence>,
  options?: LineOptions,
): Promise<Line> {
  const one = await line(
    operation(`endpoint: /x\n${fields}`),
    { "PUT /x": reply, "POST /x": reply },
    options,
  );
  open.push(one);
  return one;
}

/** The operation `binary`, called at a server that is nothing but this. */
async function against(serve: (socket: Socket) => void): Promise<Line> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const one = await line(
    operation(`endpoint: /x\n${binary}`),
    {},
    {
      realTime: true,
      connect: { config: { base_url: `http://127.0.0.1:${port}` } },
    },
  );
  const close = async (): Promise<void> => {
    await one.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  open.push({ ...one, close });
  return one;
}

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array, void, void> {
  for (const text of texts) yield Buffer.from(text);
}

function web(...texts: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const text of texts) controller.enqueue(Buffer.from(text));
      controller.close();
    },
  });
}

describe("a file that is given as a stream", () => {
  it.each([
    ["an async generator", () => pieces("ab", "", "cd")],
    ["a ReadableStream", () => web("ab", "cd")],
    ["a stream of Node", () => Readable.from(["ab", "cd"])],
    ["a Readable of bytes", () => Readable.from([Buffer.from("ab"), Buffer.from("cd")])],
  ])("is sent in chunks: %s", async (_, make) => {
    const { connection, server } = await upTo(binary, json({}));
    await connection.call("op", { file: make() });
    const [request] = server.requests;
    expect(request?.text).toBe("abcd");
    expect(request?.headers).toMatchObject({ "transfer-encoding": "chunked" });
    expect(request?.headers["content-length"]).toBeUndefined();
  });

  it("has a Content-Length where its length is known", async () => {
    const { connection, server } = await upTo(binary, json({}));
    await connection.call("op", { file: { data: pieces("ab", "cd"), length: 4 } });
    const [request] = server.requests;
    expect(request?.text).toBe("abcd");
    expect(request?.headers["content-length"]).toBe("4");
    expect(request?.headers["transfer-encoding"]).toBeUndefined();
  });

  it("stands in a multipart body, whose length is known if the file's is", async () => {
    const { connection, server } = await upTo(multipart, json({}));
    const file = { data: web("ab", "cd"), filename: "a.bin", content_type: "image/png", length: 4 };
    await connection.call("op", { note: "hi", file });
    await connection.call("op", { note: "hi", file: pieces("abcd") });
    const [known, unknown] = server.requests;
    expect(known?.text).toContain('filename="a.bin"\r\ncontent-type: image/png\r\n\r\nabcd\r\n');
    expect(known?.headers["content-length"]).toBe(String(known?.text.length));
    expect(unknown?.text).toContain(
      'filename="file"\r\ncontent-type: application/octet-stream\r\n\r\nabcd\r\n',
    );
    expect(unknown?.headers["transfer-encoding"]).toBe("chunked");
  });

  it("arrives whole, as large as it is", async () => {
    const piece = Buffer.alloc(1024 * 1024, "x");
    const { connection, server } = await upTo(binary, json({}), { realTime: true });
    async function* large(): AsyncGenerator<Uint8Array, void, void> {
      for (let count = 0; count < 24; count++) yield piece;
    }
    await connection.call("op", { file: large() }, { timeoutMs: 120_000 });
    expect(server.requests[0]?.text).toHaveLength(24 * piece.length);
  });

  it("is read only as fast as the server takes it, and let go when the call ends", async () => {
    let given = 0;
    let freed = 0;
    async function* endless(): AsyncGenerator<Uint8Array, void, void> {
      try {
        for (;;) {
          given++;
          yield Buffer.alloc(64 * 1024);
        }
      } finally {
        freed++;
      }
    }
    const one = await against((socket) => socket.pause());
    const abort = new AbortController();
    const calling = one.connection.call("op", { file: endless() }, { signal: abort.signal });
    calling.catch(() => {});
    await stalled(() => given);
    expect(given).toBeLessThan(2_000);
    abort.abort();
    await expect(calling).rejects.toMatchObject({ code: "aborted" });
    await until(() => freed === 1);
  });

  it("that never gives its next piece does not hold up the end of the call", async () => {
    let cancelled = 0;
    const stuck = new ReadableStream<Uint8Array>({
      pull: () => new Promise(() => {}),
      cancel: () => {
        cancelled++;
      },
    });
    const { connection, clock } = await upTo(binary, json({}));
    const calling = connection.call("op", { file: stuck }, { timeoutMs: 5_000 });
    calling.catch(() => {});
    await until(() => stuck.locked);
    await clock.advance(5_000);
    await expect(calling).rejects.toMatchObject({ code: "deadline_exceeded" });
    await until(() => cancelled === 1);
  });
});

describe("a stream that was begun", () => {
  it("is not sent again, even where the answer asks for it", async () => {
    const { connection, server } = await upTo(binary, sequence(status(503), json({})));
    await expect(connection.call("op", { file: pieces("ab") })).rejects.toMatchObject({
      status: 503,
      attempts: 1,
    });
    expect(server.requests).toHaveLength(1);
  });

  it("cannot be given to a second call", async () => {
    const { connection } = await upTo(binary, json({}));
    const file = web("ab");
    await connection.call("op", { file });
    await expect(connection.call("op", { file })).rejects.toMatchObject({ code: "invalid_parameters" });
  });

  it("is another matter for a Blob, which is opened anew", async () => {
    const content = "x".repeat(300_000);
    const { connection, server } = await upTo(binary, sequence(status(503), json({})), { realTime: true });
    const done = await connection.call("op", { file: new Blob([content]) });
    expect(done.attempts).toBe(2);
    expect(server.requests.map(({ text, headers }) => [text === content, headers["content-length"]])).toEqual(
      [
        [true, "300000"],
        [true, "300000"],
      ],
    );
  });
});

describe("a stream that goes wrong", () => {
  async function* failing(): AsyncGenerator<Uint8Array, void, void> {
    yield Buffer.from("ab");
    throw new Error("the disk s3cret is gone");
  }

  it.each([
    ["fails", () => failing(), /failed while it was read/],
    [
      "is longer than it says",
      () => ({ data: pieces("ab", "cde"), length: 4 }),
      /more bytes than its `length`/,
    ],
    ["is shorter than it says", () => ({ data: pieces("ab"), length: 4 }), /ends before/],
    ["gives what is no bytes", () => Readable.from([{ a: 1 }]), /neither bytes nor text/],
  ])("ends the call where it %s, in words that do not quote it", async (_, make, message) => {
    const { connection } = await upTo(binary, json({}));
    const error = await connection.call("op", { file: make() }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "invalid_parameters",
      attempts: 1,
      message: expect.stringMatching(message),
    });
    expect(JSON.stringify(error) + String(error)).not.toContain("s3cret");
  });

  it("leaves an early answer of the server its word", async () => {
    const one = await against((socket) => {
      socket.once("data", () => socket.write("HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n"));
    });
    let freed = 0;
    async function* endless(): AsyncGenerator<Uint8Array, void, void> {
      try {
        for (;;) yield Buffer.alloc(64 * 1024);
      } finally {
        freed++;
      }
    }
    await expect(one.connection.call("op", { file: endless() })).rejects.toMatchObject({ status: 413 });
    await until(() => freed === 1);
  });
});

describe("a stream where the body must be at hand", () => {
  it.each([
    [
      "a JSON body",
      "method: POST\nparameters: [{ name: file, location: body, field_type: file }]",
      /multipart or octet-stream/,
    ],
    [
      "a header made of the body",
      `${binary}\nheaders: { Content-MD5: "{base64(md5({request.body}))}" }`,
      /signed over its whole body/,
    ],
  ])("is refused before anything is sent: %s", async (_, fields, message) => {
    const { connection, server } = await upTo(fields, json({}));
    await expect(connection.call("op", { file: pieces("ab") })).rejects.toMatchObject({
      code: "invalid_parameters",
      message: expect.stringMatching(message),
    });
    expect(server.requests).toHaveLength(0);
  });

  it("may be a Blob instead, which is read for it", async () => {
    const { connection, server } = await upTo(
      `${binary}\nheaders: { Content-MD5: "{base64(md5({request.body}))}" }`,
      json({}),
    );
    const content = "x".repeat(300_000);
    await connection.call("op", { file: new Blob([content]) });
    expect(server.requests[0]?.headers["content-md5"]).toBe(
      createHash("md5").update(content).digest("base64"),
    );
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Resolves once the count has begun to grow and then ceased to. */
async function stalled(count: () => number): Promise<void> {
  await until(() => count() > 0);
  for (let before = -1; before !== count(); ) {
    before = count();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
