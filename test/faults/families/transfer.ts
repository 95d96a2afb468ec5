/** Faults on the wire, once a connection is there. */
import { gzipSync } from "node:zlib";
import * as bench from "../../../runtime/testing/index.ts";
import { everywhere, type Fault, fails, ok, type Scene, type Sights, unlessWrite } from "../fault.ts";
import { good, mostBytes } from "../scene.ts";

/** It broke where bytes may have arrived: read again, but not written again. */
const broken: Sights = unlessWrite(fails("network_error", 3, true), fails("network_error", 1, true));
const tooLarge: Sights = everywhere(fails("response_too_large", 1, false));
const unreadable: Sights = everywhere(fails("response_invalid", 1, false));
/** What speaks HTTP/2 for a server cannot tell that its answer was cut, and ends it as whole. */
const passedOn: Sights = unreadable;
const noHttp: Sights = everywhere(fails("network_error", 1, false));
const late: Sights = everywhere({ code: "deadline_exceeded", retryable: true });
const arrived = (scene: Scene): boolean => scene.arrived() > 0;
const again = "Call again later. After a write without a key: look first, it may have been done";
const smaller = "Ask for less at a time, or raise `maxResponseBytes`";
const theirs = "The server is at fault: tell its owner";
const slow = "Raise `timeoutMs`, or call again later. After a write: look first, it may have been done";

/** Once, and then all is well. */
const once = (name: string, reply: bench.Reply): Fault => ({
  name: `${name}, once`,
  answers: () => [reply, good],
  seen: unlessWrite(ok(2), fails("network_error", 1, true)),
  todo: "Nothing for a read. After a write without a key: look first, it may have been done",
});
const always = (name: string, reply: bench.Reply, seen: Sights, todo: string): Fault => ({
  name,
  answers: () => [reply],
  seen,
  todo,
});
const stalling = (name: string, reply: bench.Reply): Fault => ({
  ...always(name, reply, late, slow),
  stalled: arrived,
});

const large = "x".repeat(mostBytes);
const list = JSON.stringify({ ok: true, items: [1, 2, 3], access_token: "CaNaRy-token" });

export const transferFaults: readonly Fault[] = [
  always("a reset before the head of the answer", bench.resetBeforeHeaders(), broken, again),
  once("a reset before the head of the answer", bench.resetBeforeHeaders()),
  always("an end before the head of the answer", bench.closeBeforeHeaders(), broken, again),
  always("a reset in the head of the answer", bench.resetMidHeaders(), broken, again),
  always("a reset in the body", bench.resetMidBody(list), broken, again),
  once("a reset in the body", bench.resetMidBody(list)),
  always("a chunked body that stops midway", bench.truncatedChunked(list), broken, again),
  {
    ...always("a body of no announced length that stops midway", bench.truncatedClose(list), broken, again),
    overHttp2: passedOn,
  },
  {
    ...once("a body of no announced length that stops midway", bench.truncatedClose(list)),
    overHttp2: passedOn,
  },
  always("a body shorter than its Content-Length", bench.wrongContentLength(999, list), broken, again),
  {
    ...always("a body longer than its Content-Length", bench.wrongContentLength(9, list), unreadable, theirs),
    overHttp2: broken,
  },
  {
    ...always(
      "an answer that is no HTTP",
      bench.garbage(),
      noHttp,
      "Check the URL: something else listens there",
    ),
    overHttp2: broken,
  },
  stalling("no answer", bench.silence()),
  { ...always("a head that comes byte by byte", bench.slowHeaders(3_000), late, slow) },
  { ...always("a body that comes byte by byte, too slowly", bench.slowDrip(3_000, list), late, slow) },
  always("a body that comes byte by byte, in time", bench.slowDrip(50, list), everywhere(ok(1)), "Nothing"),
  stalling("a body that does not follow its head", bench.stallAfterHeaders()),
  always("a gzip bomb", bench.gzipBomb(200), tooLarge, theirs),
  always("a small body that expands by more than 100:1", bench.gzipBomb(1), tooLarge, theirs),
  always("corrupt gzip", bench.corruptGzip(), unreadable, theirs),
  always("gzip that stops midway", bench.truncatedGzip(), broken, again),
  endless(),
  always("a body over the limit, announced", bench.text(`${large}x`), tooLarge, smaller),
  always(
    "a body over the limit, compressed",
    bench.bytes(gzipSync(Buffer.from(noise(mostBytes + 1))), { headers: { "content-encoding": "gzip" } }),
    tooLarge,
    smaller,
  ),
  always("more than 64 KiB of headers", bench.hugeHeaders(80), tooLarge, theirs),
];

/** The server notes how much of it was taken: the limit, and what fits into the buffers of two sockets. */
function endless(): Fault {
  let taken = 0;
  const reply = bench.raw((wire) => {
    wire.socket.once("close", () => {
      taken = Math.max(taken, wire.socket.bytesWritten);
    });
    bench.endlessBody().raw?.(wire);
  });
  return {
    ...always("an endless body", reply, tooLarge, smaller),
    also: () => (taken > 8 * mostBytes ? [`${taken} bytes were taken`] : []),
  };
}

/** Text that does not compress beyond the ratio that is allowed. */
function noise(size: number): string {
  let state = 1;
  let text = "";
  while (text.length < size) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text += state.toString(36);
  }
  return text.slice(0, size);
}
