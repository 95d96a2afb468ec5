import type { LookupFunction } from "node:net";
import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { Slot, Transport } from "../../../runtime/ports.ts";
import type { Handler, TestServer } from "../../../runtime/testing/index.ts";
import {
  closeBeforeHeaders,
  createFakeClock,
  json,
  sequence,
  startServer,
} from "../../../runtime/testing/index.ts";
import type { NetworkOptions } from "../../../runtime/transport/undici-transport.ts";
import { createTransport } from "../../../runtime/transport/undici-transport.ts";
import { exchange, loopback, start, transportTo, until, wireRequest } from "./support.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function serving(
  handler: Handler,
  network: NetworkOptions = loopback,
): Promise<{ server: TestServer; transport: Transport }> {
  const server = await startServer(handler);
  const transport = transportTo(network);
  open.push({ close: () => transport.close(0) }, server);
  return { server, transport };
}

function slotOf(transport: Transport, origin: string): Promise<Slot> {
  return new Promise((resolve) => {
    const slot = transport.slot(origin);
    if (slot === undefined) transport.waitForSlot(origin, resolve);
    else resolve(slot);
  });
}

/** Holds answers back until told. */
function gate(): { handler: Handler; open(): void; readonly inside: number; readonly most: number } {
  let inside = 0;
  let most = 0;
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const handler: Handler = async () => {
    most = Math.max(most, ++inside);
    await released;
    inside--;
    return json({});
  };
  return {
    handler,
    open: release,
    get inside() {
      return inside;
    },
    get most() {
      return most;
    },
  };
}

describe("slots", () => {
  it("stand for an open connection", async () => {
    const { server, transport } = await serving(() => json({}));
    expect(transport.slot(server.origin)).toBeUndefined();
    const slot = await slotOf(transport, server.origin);
    await until(() => server.connections === 1, "the connection is there before any request");
    expect((await exchange(transport, wireRequest(server.origin, "/"))).status).toBe(200);
    slot.release();
    expect(server.connections).toBe(1);
  });

  it("are at hand at once when a connection is idle, and not twice", async () => {
    const { server, transport } = await serving(() => json({}));
    (await slotOf(transport, server.origin)).release();
    const slot = transport.slot(server.origin);
    expect(slot).toBeDefined();
    expect(transport.slot(server.origin)).toBeUndefined();
    slot?.release();
    slot?.release();
    const again = transport.slot(server.origin);
    expect(again).toBeDefined();
    expect(transport.slot(server.origin)).toBeUndefined();
    again?.release();
  });

  it("let no more exchanges run than connections are allowed, and all of them in the end", async () => {
    const door = gate();
    const { server, transport } = await serving(door.handler, { ...loopback, connectionsPerOrigin: 3 });
    const calls = Array.from({ length: 12 }, async (_, n) => {
      const slot = await slotOf(transport, server.origin);
      const told = await exchange(transport, wireRequest(server.origin, `/${n}`));
      slot.release();
      return told.status;
    });
    await until(() => door.inside === 3, "three are inside");
    expect(transport.inspect()).toEqual([{ origin: server.origin, running: 3, waiting: 9 }]);
    door.open();
    expect(await Promise.all(calls)).toEqual(new Array(12).fill(200));
    expect([door.most, server.connections]).toEqual([3, 3]);
  });

  it("are granted in turn, past those who gave up", async () => {
    const { server, transport } = await serving(() => json({}), { ...loopback, connectionsPerOrigin: 1 });
    const first = await slotOf(transport, server.origin);
    const granted: number[] = [];
    const waiters = Array.from({ length: 1_000 }, (_, n) =>
      transport.waitForSlot(server.origin, (slot) => {
        granted.push(n);
        slot.release();
      }),
    );
    for (const [n, leave] of waiters.entries()) if (n % 3 !== 0) leave();
    expect(transport.inspect()[0]?.waiting).toBe(334);
    first.release();
    await until(() => granted.length === 334, "all others are served");
    expect(granted).toEqual(waiters.map((_, n) => n).filter((n) => n % 3 === 0));
  });

  it("are granted where no connection can be made, so that the send says why", async () => {
    const server = await startServer({});
    await server.close();
    const transport = transportTo();
    for (let n = 0; n < 3; n++) {
      const slot = await slotOf(transport, server.origin);
      const told = await exchange(transport, wireRequest(server.origin, "/"));
      expect(told.error).toMatchObject({ kind: "refused", sent: false });
      slot.release();
    }
    const blocked = await slotOf(transport, "http://192.168.0.1");
    expect((await exchange(transport, wireRequest("http://192.168.0.1", "/"))).error?.kind).toBe("blocked");
    blocked.release();
    expect(transport.inspect()).toEqual([]);
  });

  it("given up while connecting give the attempt up too", async () => {
    let asked = 0;
    const lookup: LookupFunction = () => void asked++;
    const transport = transportTo({ lookup });
    const leave = transport.waitForSlot("https://api.example.com", () => {
      throw new Error("granted after all");
    });
    await until(() => asked === 1, "the connection is being made");
    leave();
    expect(transport.inspect()).toEqual([]);
  });
});

describe("connections", () => {
  it("dead before they are used are replaced unnoticed", async () => {
    const { server, transport } = await serving(() => json({}));
    const slot = await slotOf(transport, server.origin);
    await until(() => server.open === 1, "the connection is accepted");
    await server.dropConnections();
    const told = await exchange(
      transport,
      wireRequest(server.origin, "/", { method: "POST", idempotent: false }),
    );
    slot.release();
    expect([told.status, told.error, server.requests.length]).toEqual([200, undefined, 1]);
  });

  it("on which the server speaks unasked are not used: its answer would be taken for ours", async () => {
    let served = 0;
    let said = (): void => {};
    const hasSpoken = new Promise<void>((resolve) => {
      said = resolve;
    });
    const early = createServer((socket) => {
      socket.on("error", () => {});
      if (++served === 1) socket.write("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil", () => said());
      else socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ngood"));
    });
    await new Promise<void>((resolve) => early.listen(0, "127.0.0.1", resolve));
    const address = early.address();
    const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
    const transport = transportTo();
    open.push({ close: () => transport.close(0) }, { close: async () => void early.close() });
    const slot = await slotOf(transport, origin);
    await hasSpoken;
    // The system has the bytes for our socket; the next turns of the loop read them.
    for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect((await exchange(transport, wireRequest(origin, "/"))).text()).toBe("good");
    slot.release();
  });

  it("closed by the server between two requests cost no write", async () => {
    const { server, transport } = await serving(() => json({}));
    const post = wireRequest(server.origin, "/", { method: "POST", idempotent: false, body: "{}" });
    for (let n = 0; n < 20; n++) {
      expect((await exchange(transport, post)).status).toBe(200);
      await server.dropConnections();
    }
    expect(server.requests.length).toBe(20);
  });

  it("are not used past the server's keep-alive hint less a second", async () => {
    const { server, transport } = await serving(() => json({}, { headers: { "keep-alive": "timeout=1" } }));
    for (let n = 0; n < 3; n++) await exchange(transport, wireRequest(server.origin, "/"));
    expect(new Set(server.requests.map(({ connection }) => connection)).size).toBe(3);
  });

  it("that break are told apart from the next ones", async () => {
    const { server, transport } = await serving(sequence(json({}), closeBeforeHeaders(), json({})));
    const kinds: unknown[] = [];
    for (let n = 0; n < 3; n++)
      kinds.push((await exchange(transport, wireRequest(server.origin, "/"))).error?.kind);
    expect(kinds).toEqual([undefined, "reset", undefined]);
  });
});

describe("close", () => {
  it("lets what runs finish and refuses what is new", async () => {
    const door = gate();
    const { server, transport } = await serving(door.handler);
    const running = start(transport, wireRequest(server.origin, "/"));
    await until(() => door.inside === 1, "the request is inside");
    const closing = transport.close(5_000);
    const slot = await slotOf(transport, server.origin);
    expect((await exchange(transport, wireRequest(server.origin, "/late"))).error).toMatchObject({
      kind: "closed",
      sent: false,
    });
    slot.release();
    door.open();
    expect((await running.told).status).toBe(200);
    await closing;
    expect(server.times("/late")).toBe(0);
    expect(transport.close(0)).toBeInstanceOf(Promise);
  });

  it("breaks off what still runs after the grace, by the clock that it was given", async () => {
    const clock = createFakeClock();
    const door = gate();
    const server = await startServer(door.handler);
    open.push(server);
    const transport = createTransport({ network: { ...loopback, connectionsPerOrigin: 1 }, clock });
    const running = start(transport, wireRequest(server.origin, "/"));
    await until(() => door.inside === 1, "the request is inside");
    const waiting = slotOf(transport, server.origin);
    const closing = transport.close(10_000);
    await waiting; // whoever waits for a slot is not made to wait for the grace
    await clock.advance(9_999);
    expect(running.soFar.error).toBeUndefined();
    await clock.advance(1);
    expect((await running.told).error).toMatchObject({ kind: "closed", sent: true });
    await closing;
    expect(clock.pending()).toBe(0);
    door.open();
  });

  it("leaves no socket and no timer", async () => {
    const count = (): number =>
      process.getActiveResourcesInfo().filter((kind) => /TCP|TLS|Timeout|Pipe/.test(kind)).length;
    const server = await startServer(() => json({}));
    const before = count();
    const transport = transportTo();
    await Promise.all(Array.from({ length: 5 }, () => exchange(transport, wireRequest(server.origin, "/"))));
    const idle = await slotOf(transport, server.origin);
    idle.release();
    expect(count()).toBeGreaterThan(before);
    await transport.close(1_000);
    await until(() => server.open === 0, "the server sees them go");
    expect(count()).toBeLessThanOrEqual(before);
    await server.close();
  });
});

describe("slots that are given back within their grant", () => {
  it("are granted to all who wait, however many they are", async () => {
    const { server, transport } = await serving(() => json({}), { ...loopback, connectionsPerOrigin: 1 });
    const first = await slotOf(transport, server.origin);
    let granted = 0;
    for (let index = 0; index < 50_000; index++)
      transport.waitForSlot(server.origin, (slot) => {
        granted++;
        slot.release();
      });
    first.release();
    await until(() => granted === 50_000, "all were granted");
  });
});
