import { randomBytes } from "node:crypto";
import * as zlib from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { bytes, startServer } from "../../../runtime/testing/index.ts";
import { acceptedCodings } from "../../../runtime/transport/body-decoder.ts";
import { exchange, type Told, transportTo, until, wireRequest } from "./support.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

/** What comes of a body under this `content-encoding`. */
async function received(body: Uint8Array, coding: string): Promise<Told> {
  const server = await startServer(() => bytes(body, { headers: { "content-encoding": coding } }));
  const transport = transportTo();
  open.push({ close: () => transport.close(0) }, server);
  return exchange(transport, wireRequest(server.origin, "/"));
}

const plain = Buffer.from(
  JSON.stringify({ text: "some text ".repeat(2_000), noise: randomBytes(64_000).toString("hex") }),
);
const { gzipSync, brotliCompressSync, deflateSync } = zlib;

describe("codings that are stacked", () => {
  it.each([
    ["gzip, br", brotliCompressSync(gzipSync(plain))],
    ["br,gzip", gzipSync(brotliCompressSync(plain))],
    ["deflate, identity, gzip", gzipSync(deflateSync(plain))],
    ["gzip, gzip, gzip", gzipSync(gzipSync(gzipSync(plain)))],
  ])("are undone, the last one first: %s", async (coding, body) => {
    const told = await received(body, coding);
    expect(told.error).toBeUndefined();
    expect(told.text() === plain.toString()).toBe(true);
  });

  it.each([
    ["the outer one", gzipSync(gzipSync(plain)).subarray(0, -40), "truncated"],
    ["the inner one", gzipSync(gzipSync(plain).subarray(0, -40)), "truncated"],
    ["what is no coding at all", gzipSync(plain), "decode"],
  ])("fail where %s breaks off or is none", async (_, body, kind) => {
    expect((await received(body, "gzip, gzip")).error?.kind).toBe(kind);
  });

  it("are three at most", async () => {
    const four = gzipSync(gzipSync(gzipSync(gzipSync("text"))));
    expect((await received(four, "gzip, gzip, gzip, gzip")).error).toMatchObject({
      kind: "decode",
      message: expect.stringContaining("up to three"),
    });
  });

  it("are no way to get a bomb past the limits, at any layer", async () => {
    const zeros = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    expect((await received(gzipSync(zeros), "gzip, gzip")).error).toMatchObject({ kind: "too_large" });
    // An inner text that is all head (RFC 1952, FNAME): nothing comes out, and the outer one decodes for ever.
    const head = Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]);
    const between = gzipSync(Buffer.concat([head, Buffer.alloc(64 * 1024 * 1024, "n")]));
    expect((await received(between, "gzip, gzip")).error).toMatchObject({ kind: "too_large" });
    const inner = gzipSync(gzipSync(Buffer.alloc(64 * 1024 * 1024)).subarray(0, 20));
    expect((await received(inner, "gzip, gzip")).error).toMatchObject({ kind: "truncated" });
  });

  it("need no more of the outer text once the inner one is whole", async () => {
    const trailing = gzipSync(Buffer.concat([gzipSync("short"), Buffer.alloc(64 * 1024 * 1024)]));
    const told = await received(trailing, "gzip, gzip");
    expect([told.error, told.text()]).toEqual([undefined, "short"]);
  });

  it("hold the server back while their reader waits, and go on after it", async () => {
    const large = gzipSync(gzipSync(randomBytes(4 * 1024 * 1024), { level: 0 }), { level: 0 });
    const server = await startServer(() => bytes(large, { headers: { "content-encoding": "gzip, gzip" } }));
    const transport = transportTo();
    open.push({ close: () => transport.close(0) }, server);
    let seen = 0;
    let held: (() => void) | undefined;
    const request = wireRequest(server.origin, "/");
    const done = exchange(transport, request, {
      head: (_status, _headers, body) => {
        body.pause();
        held = () => body.resume();
      },
      data: (chunk) => {
        seen += chunk.length;
      },
    });
    await until(() => held !== undefined, "the head came");
    expect(seen).toBe(0);
    held?.();
    await done;
    expect(seen).toBe(4 * 1024 * 1024);
  });
});

const zstdCompressSync: unknown = Reflect.get(zlib, "zstdCompressSync");
const zstd = (data: Uint8Array): Uint8Array => {
  if (typeof zstdCompressSync !== "function") throw new Error("no zstd here");
  return zstdCompressSync(data);
};

describe.runIf(acceptedCodings.includes("zstd"))("zstd, on a Node that has it", () => {
  it("is undone, alone and stacked", async () => {
    for (const [coding, body] of [
      ["zstd", zstd(plain)],
      ["gzip, zstd", zstd(gzipSync(plain))],
    ] as const)
      expect((await received(body, coding)).text() === plain.toString()).toBe(true);
  });

  it("that stops midway, is corrupt or is a bomb ends in fail", async () => {
    expect((await received(zstd(plain).subarray(0, -40), "zstd")).error?.kind).toBe("truncated");
    expect((await received(plain, "zstd")).error?.kind).toBe("decode");
    expect((await received(zstd(Buffer.alloc(64 * 1024 * 1024)), "zstd")).error?.kind).toBe("too_large");
  });
});

describe.runIf(!acceptedCodings.includes("zstd"))(
  "zstd, on a Node that lacks it or cannot tell a cut",
  () => {
    it("is neither asked for nor taken", async () => {
      expect(acceptedCodings).toBe("gzip, br");
      expect((await received(plain, "zstd")).error).toMatchObject({
        kind: "decode",
        message: expect.stringContaining("gzip, deflate, br"),
      });
    });
  },
);

describe("a body in a coding", () => {
  it("that never ends and holds nothing is too large all the same", async () => {
    const empty = Buffer.from([0, 0, 0, 0xff, 0xff]); // a stored block of no bytes (RFC 1951, section 3.2.4)
    const told = await received(Buffer.concat(Array<Buffer>(2_200_000).fill(empty)), "deflate");
    expect([told.error?.kind, told.chunks]).toEqual(["too_large", []]);
  });

  it("may be larger than what it holds, and what it holds as large as the limit", async () => {
    const noise = randomBytes(10 * 1024 * 1024);
    const coded = gzipSync(noise, { level: 0 });
    expect(coded.length).toBeGreaterThan(noise.length);
    const told = await received(coded, "gzip");
    expect([told.error, Buffer.concat(told.chunks).equals(noise)]).toEqual([undefined, true]);
  });
});
