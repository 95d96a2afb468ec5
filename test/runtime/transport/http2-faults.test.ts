/** Servers that break off or break the rules, frame by frame (RFC 9113). */
import { afterEach, describe, expect, it } from "vitest";
import type { BodyStream, TransportError } from "../../../runtime/ports.ts";
import * as h2 from "../../support/http2/frames.ts";
import {
  type RawHandlers,
  type RawRequest,
  type RawServer,
  startRawServer,
} from "../../support/http2/raw-server.ts";
import { exchange, loopback, start, type Told, transportTo, until, wireRequest } from "./support.ts";

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).toReversed()) await thing.close();
});

async function serving(handlers: RawHandlers, network = {}) {
  const server: RawServer = await startRawServer(handlers);
  open.push(server);
  const transport = transportTo({ ...loopback, ca: server.ca, ...network });
  open.push({ close: () => transport.close(0) });
  return {
    server,
    transport,
    ask: (more = {}) => exchange(transport, wireRequest(server.origin, "/x", more)),
  };
}

async function asked(request: (request: RawRequest) => void, more = {}): Promise<Told> {
  return (await serving({ request })).ask(more);
}

const post = { method: "POST", body: "{}", idempotent: false };
const head = ({ stream, wire }: RawRequest, fields: [string, string][] = [], end = false): void =>
  wire.head(stream, 200, fields, end);

/** A body of which no more than a part ever comes. */
function endless(): { readonly body: BodyStream; readonly cancelled: () => boolean } {
  let stop: (() => void) | undefined;
  let cancelled = false;
  const body: BodyStream = {
    length: undefined,
    failure: undefined,
    cancel: () => {
      cancelled = true;
      stop?.();
    },
    async *[Symbol.asyncIterator]() {
      yield Buffer.from("a part");
      await new Promise<void>((resolve) => {
        stop = resolve;
      });
    },
  };
  return { body, cancelled: () => cancelled };
}

const resets = ({ frames }: RawServer): number => frames.filter(({ type }) => type === h2.type.rst).length;
/** Streams that the client has ended as whole. */
const ends = ({ frames }: RawServer): number =>
  frames.filter(({ type, flags }) => type === h2.type.data && flags === h2.flag.endStream).length;

describe("a whole answer", () => {
  const whole: [string, (request: RawRequest) => void, string][] = [
    ["with a body", ({ stream, wire }) => wire.answer(stream, "hello"), "hello"],
    ["that is a head and nothing more", (request) => head(request, [], true), ""],
    [
      "of the announced length",
      ({ stream, wire }) => wire.answer(stream, "hello", [["content-length", "5"]]),
      "hello",
    ],
    [
      "after others that are for information only",
      ({ stream, wire }) => {
        wire.head(stream, 100);
        wire.head(stream, 103, [["link", "</a>; rel=preload"]]);
        wire.answer(stream, "hello");
      },
      "hello",
    ],
    [
      "with an empty frame at its end",
      ({ stream, wire }) => {
        wire.head(stream, 200);
        wire.data(stream, "hello");
        wire.data(stream, "", true);
      },
      "hello",
    ],
  ];
  it.each(whole)("%s is taken", async (_, request, text) => {
    const told = await asked(request);
    expect([told.error, told.status, told.text()]).toEqual([undefined, 200, text]);
    expect(told.events).toEqual(["connected", "sent", "head", "end"]);
    expect(told.body?.protocol).toBe("2");
  });

  it("has trailers", async () => {
    const told = await asked(({ stream, wire }) => {
      wire.head(stream, 200);
      wire.data(stream, "hello");
      wire.send(h2.headers(stream, [["x-sum", "17"]], { endStream: true }));
    });
    expect([told.text(), told.trailers?.get("x-sum")]).toEqual(["hello", "17"]);
  });

  it("keeps lines of set-cookie apart, joins others, and shows no pseudo-header", async () => {
    const told = await asked(({ stream, wire }) =>
      wire.answer(stream, "", [
        ["set-cookie", "a=1"],
        ["x-a", "1"],
        ["set-cookie", "b=2, c"],
        ["x-a", "\xfc"],
      ]),
    );
    expect(told.headers?.setCookie).toEqual(["a=1", "b=2, c"]);
    expect([...(told.headers?.entries() ?? [])]).toEqual([
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2, c"],
      ["x-a", "1, \xfc"],
    ]);
  });

  it.each(["resets the rest", "leaves it at that"])(
    "before the request has ended stands; the server %s",
    async (then) => {
      const { body, cancelled } = endless();
      const { server, ask } = await serving({
        request: ({ stream, wire }) => {
          wire.answer(stream, "enough");
          if (then === "resets the rest") wire.rst(stream, h2.code.noError); // RFC 9113, section 8.1
        },
      });
      const told = await ask({ method: "POST", body, idempotent: false });
      expect([told.error, told.text(), cancelled()]).toEqual([undefined, "enough", true]);
      if (then === "leaves it at that") await until(() => resets(server) === 1, "the stream is reset");
      expect(ends(server)).toBe(0);
    },
  );
});

describe("a request whose body is cut must not look whole", () => {
  it("after an abort", async () => {
    const { server, transport } = await serving({});
    const running = start(
      transport,
      wireRequest(server.origin, "/x", { method: "POST", body: endless().body }),
    );
    await until(() => server.frames.some(({ type }) => type === h2.type.data), "a part of it is there");
    running.abort();
    await until(() => resets(server) === 1, "the stream is reset");
    expect(ends(server)).toBe(0);
  });

  it("after the server's GOAWAY, which breaks the session off", async () => {
    const { server, ask } = await serving({
      frame: ({ type, stream }, wire) => type === h2.type.data && wire.goaway(stream, h2.code.internalError),
    });
    const told = await ask({ method: "POST", body: endless().body });
    expect(told.error).toMatchObject({ kind: "reset", sent: true });
    await until(() => server.open === 0, "the connection is closed");
    expect(ends(server)).toBe(0);
  });

  it("after the close of the transport", async () => {
    const { server, transport, ask } = await serving({});
    const told = ask({ method: "POST", body: endless().body });
    await until(() => server.frames.some(({ type }) => type === h2.type.data), "a part of it is there");
    await transport.close(0);
    expect((await told).error).toMatchObject({ kind: "closed", sent: true });
    await until(() => server.open === 0, "the connection is closed");
    expect(ends(server)).toBe(0);
  });

  it("after a stream that fails", async () => {
    const body: BodyStream = {
      length: undefined,
      failure: "failed while it was read",
      cancel: () => {},
      async *[Symbol.asyncIterator]() {
        yield Buffer.from("a part");
        throw new Error("no more");
      },
    };
    const { server, ask } = await serving({});
    const told = await ask({ method: "POST", body });
    expect(told.error).toMatchObject({
      kind: "body",
      message: expect.stringContaining("failed while it was read"),
    });
    await until(() => resets(server) === 1, "the stream is reset");
    expect(ends(server)).toBe(0);
  });
});

describe("an answer that is cut", () => {
  const cuts: [string, (request: RawRequest) => void][] = [
    ["by a reset that calls itself no error", ({ stream, wire }) => wire.rst(stream, h2.code.noError)],
    ["by a reset", ({ stream, wire }) => wire.rst(stream, h2.code.cancel)],
    ["by an error of the server", ({ stream, wire }) => wire.rst(stream, h2.code.internalError)],
    [
      "by a refusal that comes too late to be one",
      ({ stream, wire }) => wire.rst(stream, h2.code.refusedStream),
    ],
    ["by the end of the connection", ({ wire }) => wire.socket.end()],
    ["by a broken connection", ({ wire }) => setTimeout(() => wire.socket.destroy(), 20)],
    ["by a GOAWAY that takes no notice of it", ({ wire }) => wire.goaway(0, h2.code.noError)],
    ["by a GOAWAY with an error", ({ stream, wire }) => wire.goaway(stream, h2.code.internalError)],
    [
      "by a GOAWAY that says no error, and an end",
      ({ stream, wire }) => {
        wire.goaway(stream);
        wire.socket.end();
      },
    ],
  ];
  it.each(cuts)("%s is truncated, whatever its framing", async (_, cut) => {
    for (const fields of [[], [["content-length", "3"]], [["content-length", "9"]]] as [string, string][][]) {
      const { ask } = await serving({
        request: (request) => {
          head(request, fields);
          request.wire.data(request.stream, "hel");
          cut(request);
        },
      });
      const told = await ask(post);
      expect([told.error?.kind, told.error?.sent, told.error?.nothingDone]).toEqual([
        "truncated",
        true,
        undefined,
      ]);
      expect(told.events).toEqual(["connected", "sent", "head", "fail"]);
    }
  });

  it.each(["2", "9"])("because its content-length is %s and not 3 is truncated", async (length) => {
    const told = await asked(({ stream, wire }) => wire.answer(stream, "hel", [["content-length", length]]));
    expect(told.error).toMatchObject({ kind: "truncated", sent: true });
    expect(told.events).not.toContain("end");
  });

  it("in a gzip of which nothing is missing but END_STREAM is truncated", async () => {
    const { gzipSync } = await import("node:zlib");
    const told = await asked((request) => {
      head(request, [["content-encoding", "gzip"]]);
      request.wire.data(request.stream, gzipSync("hello"));
      request.wire.rst(request.stream, h2.code.noError);
    });
    expect(told.error).toMatchObject({ kind: "truncated" });
  });
});

describe("no answer", () => {
  const refusals: [string, (request: RawRequest) => void][] = [
    ["REFUSED_STREAM", ({ stream, wire }) => wire.rst(stream, h2.code.refusedStream)],
    ["a GOAWAY that takes no notice of it", ({ wire }) => wire.goaway(0)],
    ["such a GOAWAY with an error", ({ wire }) => wire.goaway(0, h2.code.enhanceYourCalm)],
    [
      "a GOAWAY in two steps",
      ({ wire }) => {
        wire.goaway(0x7fffffff);
        wire.goaway(0);
      },
    ],
  ];
  it.each(refusals)("but %s says that nothing was done", async (_, refuse) => {
    const told = await asked(refuse, post);
    expect(told.error).toMatchObject({ kind: "reset", sent: true, nothingDone: true });
  });

  const doubts: [string, (request: RawRequest) => void, TransportError["kind"]][] = [
    ["a reset", ({ stream, wire }) => wire.rst(stream, h2.code.cancel), "reset"],
    ["a reset that calls itself no error", ({ stream, wire }) => wire.rst(stream, h2.code.noError), "reset"],
    ["an error of the server", ({ stream, wire }) => wire.rst(stream, h2.code.internalError), "reset"],
    ["a wish for calm", ({ stream, wire }) => wire.rst(stream, h2.code.enhanceYourCalm), "reset"],
    ["a GOAWAY that has taken it", ({ stream, wire }) => wire.goaway(stream, h2.code.internalError), "reset"],
    [
      "a GOAWAY that has taken it, and an end",
      ({ stream, wire }) => {
        wire.goaway(stream);
        wire.socket.end();
      },
      "reset",
    ],
    ["the end of the connection", ({ wire }) => wire.socket.end(), "reset"],
    ["a broken connection", ({ wire }) => wire.socket.destroy(), "reset"],
    [
      "information and then the end",
      ({ stream, wire }) => {
        wire.head(stream, 103);
        wire.socket.end();
      },
      "reset",
    ],
    [
      "a head without a status",
      ({ stream, wire }) => wire.send(h2.headers(stream, [["x-a", "1"]])),
      "protocol",
    ],
    ["a name in capitals", (request) => head(request, [["X-A", "1"]]), "protocol"],
    ["a header of connections", (request) => head(request, [["connection", "close"]]), "protocol"],
    [
      "two lengths",
      (request) =>
        head(request, [
          ["content-length", "1"],
          ["content-length", "2"],
        ]),
      "protocol",
    ],
  ];
  it.each(doubts)("but %s leaves it open what was done", async (_, end, kind) => {
    const told = await asked(end, post);
    expect(told.error).toMatchObject({ kind, sent: true });
    expect(told.error?.nothingDone).toBeUndefined();
  });

  it("in time ends in fail", async () => {
    const { ask } = await serving({}, { headersTimeoutMs: 50 });
    expect((await ask()).error).toMatchObject({ kind: "timeout", sent: true });
  });

  it("but a head, and no body in time, ends in fail", async () => {
    const { ask } = await serving({ request: (request) => head(request) }, { bodyTimeoutMs: 50 });
    expect((await ask()).error).toMatchObject({ kind: "timeout", message: expect.stringMatching(/body/) });
  });
});

describe("a server that", () => {
  it("pushes is not listened to", async () => {
    const promise: [string, string][] = [
      [":method", "GET"],
      [":scheme", "https"],
      [":authority", "a"],
      [":path", "/p"],
    ];
    const told = await asked(({ stream, wire }) => {
      const payload = Buffer.concat([h2.numbers(2), h2.fields(promise)]);
      wire.send(h2.frame(h2.type.pushPromise, h2.flag.endHeaders, stream, payload));
      wire.answer(stream, "hello");
    });
    expect(told.error).toMatchObject({ kind: "reset", sent: true });
  });

  it("sends more than 64 KiB of headers, or of trailers, is cut off, and the session goes on", async () => {
    const much = Array.from({ length: 70 }, (_, n): [string, string] => [`x-${n}`, "y".repeat(1_000)]);
    let count = 0;
    const { server, ask } = await serving({
      request: (request) => {
        const { stream, wire } = request;
        if (++count === 1) head(request, much, true);
        else if (count === 2) {
          head(request);
          wire.send(h2.headers(stream, much, { endStream: true }));
        } else wire.answer(stream, "hello");
      },
    });
    expect((await ask()).error).toMatchObject({
      kind: "too_large",
      message: expect.stringContaining("65536"),
    });
    expect((await ask()).error).toMatchObject({ kind: "too_large" });
    expect((await ask()).text()).toBe("hello");
    expect(server.connections).toBe(1);
  });

  it("sends a small head that unfolds to a hundred megabytes is cut off before memory is", async () => {
    // One field of 4 KB goes into the table, and is then named by one byte again and again (RFC 7541, section 6.1).
    const field = Buffer.concat([
      Buffer.from([0x40]),
      h2.fields([["x-bomb", "y".repeat(3_900)]]).subarray(1),
    ]);
    const bomb = Buffer.concat([
      h2.fields([[":status", "200"]]),
      field,
      Buffer.alloc(16_000 - field.length, 0xbe),
    ]);
    const before = process.memoryUsage().rss;
    const told = await asked(({ stream, wire }) =>
      wire.send(
        h2.frame(h2.type.headers, 0, stream, bomb),
        h2.frame(h2.type.continuation, h2.flag.endHeaders, stream, Buffer.alloc(16_000, 0xbe)),
      ),
    );
    expect(told.error).toMatchObject({ kind: "reset", sent: true });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  it.each([
    ["PING", h2.frame(h2.type.ping, 0, 0, Buffer.alloc(8))],
    ["SETTINGS", h2.settings({ 3: 100 })],
  ])("floods with %s is answered or left, within memory", async (_, frame) => {
    const flood = Buffer.concat(Array.from({ length: 50_000 }, () => frame));
    const before = process.memoryUsage().rss;
    const told = await asked(({ stream, wire }) => {
      wire.send(flood);
      wire.answer(stream, "hello");
    });
    expect(told.error?.kind ?? told.text()).toMatch(/^(reset|hello)$/);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  it("speaks no HTTP/2 after it has agreed to is a failure to connect", async () => {
    const { ask } = await serving({ open: (wire) => wire.socket.end("HTTP/1.1 200 OK\r\n\r\n") });
    const told = await ask(post);
    expect(told.error).toMatchObject({ kind: "reset", sent: false });
    expect(told.events).toEqual(["fail"]);
  });

  it("never sends its settings is given up when the time to connect is over", async () => {
    for (const handlers of [{ open: () => {}, ack: false }, { ack: false }] as const) {
      const { ask } = await serving(handlers, { connectTimeoutMs: 200 });
      expect((await ask(post)).error).toMatchObject({ kind: "timeout", sent: false });
    }
  });

  it("takes our settings before it has sent its own is a failure to connect", async () => {
    const { ask } = await serving({ open: () => {} });
    expect((await ask(post)).error).toMatchObject({ kind: "protocol", sent: false });
  });

  it("greets with a GOAWAY is a failure to connect", async () => {
    const { ask } = await serving({
      open: (wire) => {
        wire.send(h2.settings());
        wire.goaway(0, h2.code.enhanceYourCalm);
      },
    });
    expect((await ask(post)).error).toMatchObject({ kind: "reset", sent: false });
  });
});

it("an abort resets the stream and not the session", async () => {
  const { server, transport, ask } = await serving({
    whole: ({ stream, wire }, body) => body.length === 0 && wire.answer(stream, "hello"),
  });
  const running = start(transport, wireRequest(server.origin, "/x", post));
  await until(() => server.frames.some(({ type }) => type === h2.type.data), "the request is there");
  const beside = ask();
  running.abort();
  expect((await beside).text()).toBe("hello");
  await until(() => resets(server) === 1, "the stream is reset");
  expect([running.soFar.events, server.connections]).toEqual([["connected", "sent"], 1]);
});
