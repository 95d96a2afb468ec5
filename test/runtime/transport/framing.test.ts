/** Where an answer ends, told by servers that do it rightly, oddly and wrongly: it is whole, or it is an error, and never another's. */
import { createServer, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Transport, TransportError } from "../../../runtime/ports.ts";
import { exchange, type Told, transportTo, wireRequest } from "./support.ts";

let answer = "";
const sockets = new Set<Socket>();
/** Answers the path `/` with the bytes of `answer`, where it has to closing the connection, and any other path with its own name. */
const server = createServer((socket) => {
  sockets.add(socket);
  socket.on("error", () => {});
  socket.on("data", (request) => {
    const path = /^\S+ (\S+)/.exec(request.toString("latin1"))?.[1] ?? "";
    if (path !== "/") socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${path.length}\r\n\r\n${path}`);
    else if (answer.endsWith("|")) socket.end(Buffer.from(answer.slice(0, -1), "latin1"));
    else socket.write(Buffer.from(answer, "latin1"));
  });
});
let origin = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  return new Promise((resolve) => server.close(resolve));
});

let transport: Transport | undefined;
afterEach(() => transport?.close(0));

async function asked(bytes: string, method = "GET"): Promise<Told> {
  answer = bytes;
  transport = transportTo();
  const told = await exchange(transport, wireRequest(origin, "/", { method }));
  // Whatever came before, the next answer is its own.
  expect((await exchange(transport, wireRequest(origin, "/next"))).text()).toBe("/next");
  return told;
}

const ok = (head: string, body = ""): string => `HTTP/1.1 200 OK\r\n${head}\r\n\r\n${body}`;
const chunked = (body: string): string => ok("transfer-encoding: chunked", body);
const another = ok("content-length: 4", "EVIL");
const gzip = gzipSync("hello").toString("latin1");

describe("an answer is whole", () => {
  it.each<[string, string, number, string, string, string?]>([
    ["of its length", ok("content-length: 2", "ab"), 200, "length", "ab"],
    ["of length 0", ok("content-length: 0"), 200, "length", ""],
    ["that says 205, of length 0", "HTTP/1.1 205 R\r\ncontent-length: 0\r\n\r\n", 205, "length", ""],
    ["of HTTP/1.0", "HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nab", 200, "length", "ab"],
    ["after empty lines", `\r\n\r\n${ok("content-length: 2", "ab")}`, 200, "length", "ab"],
    [
      "in chunks with extensions",
      chunked('2;a=b;c="d;e"\r\nab\r\n1\r\nc\r\n0;last\r\n\r\n'),
      200,
      "chunked",
      "abc",
    ],
    [
      "in chunks with trailers",
      chunked("2\r\nab\r\n0\r\nx-sum: 7\r\nx-sum: 8\r\n\r\n"),
      200,
      "chunked",
      "ab",
    ],
    ["until the connection closes", `${ok("connection: close", "ab")}|`, 200, "close", "ab"],
    [
      "until it closes, where chunks are not the last coding",
      `${ok("transfer-encoding: chunked, gzip", "ab")}|`,
      200,
      "close",
      "ab",
    ],
    [
      "after early hints with a length of their own",
      `HTTP/1.1 103 E\r\ncontent-length: 9\r\n\r\nHTTP/1.1 102 P\r\n\r\n${ok("content-length: 2", "ab")}`,
      200,
      "length",
      "ab",
    ],
    [
      "after a thousand early hints",
      "HTTP/1.1 103 E\r\nlink: </a>\r\n\r\n".repeat(1_000) + ok("content-length: 2", "ab"),
      200,
      "length",
      "ab",
    ],
    ["to HEAD, with the length that GET would have", ok("content-length: 4"), 200, "none", "", "HEAD"],
    ["to HEAD, in no chunks", ok("transfer-encoding: chunked"), 200, "none", "", "HEAD"],
    ["to HEAD, of a coding", ok("content-encoding: gzip\r\ncontent-length: 4"), 200, "none", "", "HEAD"],
    ["to HEAD, with a body all the same", ok("content-length: 4", "EVIL"), 200, "none", "", "HEAD"],
    ["to HEAD, with another behind it", ok("content-length: 4") + another, 200, "none", "", "HEAD"],
    ["that says 204", "HTTP/1.1 204 N\r\n\r\n", 204, "none", ""],
    ["that says 204, of a coding", "HTTP/1.1 204 N\r\ncontent-encoding: gzip\r\n\r\n", 204, "none", ""],
    ["that says 204, with another behind it", `HTTP/1.1 204 N\r\n\r\n${another}`, 204, "none", ""],
    [
      "that says 204, and a length and a body",
      "HTTP/1.1 204 N\r\ncontent-length: 4\r\n\r\nEVIL",
      204,
      "none",
      "",
    ],
    ["that says 304", "HTTP/1.1 304 N\r\netag: x\r\n\r\n", 304, "none", ""],
    [
      "that says 304, with the length that a 200 would have",
      "HTTP/1.1 304 N\r\ncontent-length: 4\r\n\r\n",
      304,
      "none",
      "",
    ],
    [
      "that says 304, of a coding",
      "HTTP/1.1 304 N\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\n",
      304,
      "none",
      "",
    ],
    [
      "in a coding of two members",
      ok(`content-encoding: gzip\r\ncontent-length: ${2 * gzip.length}`, gzip + gzip),
      200,
      "length",
      "hellohello",
    ],
    ["with another behind it", ok("content-length: 2", "ab") + another, 200, "length", "ab"],
    ["in chunks, with another behind it", chunked("2\r\nab\r\n0\r\n\r\n") + another, 200, "chunked", "ab"],
  ])("%s", async (_, bytes, status, framing, text, method) => {
    const told = await asked(bytes, method);
    expect(told.error).toBeUndefined();
    expect([told.events.join(" "), told.status, told.body?.framing, told.text()]).toEqual([
      "connected sent head end",
      status,
      framing,
      text,
    ]);
  });

  it("with its trailers, those of one name joined", async () => {
    const told = await asked(chunked("2\r\nab\r\n0\r\nX-Sum: 7\r\nx-sum: 8\r\n\r\n"));
    expect(told.trailers?.get("x-sum")).toBe("7, 8");
  });
});

describe("an answer is an error", () => {
  it.each<[string, string, TransportError["kind"], boolean]>([
    ["of two lengths", ok("content-length: 2\r\ncontent-length: 3", "abc"), "protocol", false],
    ["of one length said twice", ok("content-length: 2\r\ncontent-length: 2", "ab"), "protocol", false],
    [
      "of a length and chunks",
      ok("content-length: 2\r\ntransfer-encoding: chunked", "2\r\nab\r\n0\r\n\r\n"),
      "protocol",
      false,
    ],
    [
      "of chunks and a length",
      ok("transfer-encoding: chunked\r\ncontent-length: 2", "2\r\nab\r\n0\r\n\r\n"),
      "protocol",
      false,
    ],
    ["of a length below 0", ok("content-length: -2", "ab"), "protocol", false],
    ["of a length in hex", ok("content-length: 0x2", "ab"), "protocol", false],
    ["of a length past all numbers", ok("content-length: 99999999999999999999999", "ab"), "protocol", false],
    ["of a length that is empty", ok("content-length: ", "ab"), "protocol", false],
    ["with a folded header", ok("x-a: one\r\n two\r\ncontent-length: 2", "ab"), "protocol", false],
    ["with a folded length", ok("content-length:\r\n 2", "ab"), "protocol", false],
    ["with a blank before a colon", ok("content-length : 2", "ab"), "protocol", false],
    ["with NUL in a header", ok("x: a\0b\r\ncontent-length: 2", "ab"), "protocol", false],
    ["with a bare CR in a header", ok("x: a\rb: c\r\ncontent-length: 2", "ab"), "protocol", false],
    ["with bare line feeds", "HTTP/1.1 200 OK\ncontent-length: 2\n\nab", "protocol", false],
    ["with no status", "HTTP/1.1 000 OK\r\ncontent-length: 2\r\n\r\nab", "protocol", false],
    ["with a status of four digits", "HTTP/1.1 2000 OK\r\ncontent-length: 2\r\n\r\nab", "protocol", false],
    ["in a chunk below 0", chunked("-2\r\nab\r\n0\r\n\r\n"), "protocol", true],
    ["in a chunk past all numbers", chunked("ffffffffffffffffff\r\nab\r\n0\r\n\r\n"), "protocol", true],
    ["in a chunk that is longer than it says", chunked("2\r\nabX\r\n0\r\n\r\n"), "protocol", true],
    ["in chunks between bare line feeds", chunked("2\nab\n0\n\n"), "protocol", true],
    ["with a trailer that is none", chunked("2\r\nab\r\n0\r\nno trailer\r\n\r\n"), "protocol", true],
    ["in chunks without the last", `${chunked("2\r\nab\r\n")}|`, "truncated", true],
    ["in chunks, closed within the last", `${chunked("2\r\nab\r\n0\r\n")}|`, "truncated", true],
    ["shorter than it says", `${ok("content-length: 3", "ab")}|`, "truncated", true],
    [
      "in a coding that ends before its own end",
      ok(`content-encoding: gzip\r\ncontent-length: ${gzip.length - 4}`, gzip.slice(0, -4)),
      "truncated",
      true,
    ],
    [
      "in a coding with more behind it",
      ok(`content-encoding: gzip\r\ncontent-length: ${gzip.length + 3}`, `${gzip}xyz`),
      "decode",
      true,
    ],
  ])("%s", async (_, bytes, kind, headed) => {
    const told = await asked(bytes);
    expect([told.error?.kind, told.events.join(" ")]).toEqual([
      kind,
      headed ? "connected sent head fail" : "connected sent fail",
    ]);
  });
});
