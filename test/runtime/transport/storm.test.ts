import { expect, it } from "vitest";
import type { Slot } from "../../../runtime/ports.ts";
import type { Reply } from "../../../runtime/testing/index.ts";
import * as bench from "../../../runtime/testing/index.ts";
import { seeded } from "../../support/seeded.ts";
import { loopback, start, transportTo, until, wireRequest } from "./support.ts";

const seed = Date.now() % 1_000_000;

it(`loses no slot, no exchange and no socket in a storm of faults and aborts (seed ${seed})`, async () => {
  const next = seeded(seed);
  const replies: (() => Reply)[] = [
    () => bench.json({ ok: true }),
    () => bench.json({ ok: true }),
    () => bench.json({ ok: true }, { delayMs: 3 }),
    () => bench.json({ ok: true }, { headers: { connection: "close" } }),
    bench.resetBeforeHeaders,
    bench.closeBeforeHeaders,
    () => bench.resetMidBody(),
    () => bench.truncatedChunked(),
    bench.garbage,
    () => bench.gzipBomb(2),
    bench.corruptGzip,
    bench.stallAfterHeaders,
  ];
  const server = await bench.startServer(() =>
    (replies[Math.floor(next() * replies.length)] ?? bench.silence)(),
  );
  const transport = transportTo({ ...loopback, connectionsPerOrigin: 8 });
  let held = 0;
  let most = 0;
  const legal = /^(connected( sent( head)?)?)?( ?(end|fail))?$/;

  async function call(): Promise<void> {
    const slot = await new Promise<Slot | undefined>((resolve) => {
      const free = transport.slot(server.origin);
      if (free !== undefined) return resolve(free);
      const leave = transport.waitForSlot(server.origin, resolve);
      if (next() < 0.2) {
        leave();
        resolve(undefined);
      }
    });
    if (slot === undefined) return;
    most = Math.max(most, ++held);
    const request = wireRequest(server.origin, "/", { method: next() < 0.5 ? "GET" : "POST", body: "{}" });
    const running = start(transport, request);
    const patience = next() < 0.3 ? next() * 5 : 100;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patience);
    });
    await Promise.race([running.told, late]);
    clearTimeout(timer);
    running.abort();
    expect(`${running.soFar.events.join(" ")}`).toMatch(legal);
    held--;
    slot.release();
  }

  for (let round = 0; round < 10; round++) await Promise.all(Array.from({ length: 60 }, call));
  expect([held, most <= 8]).toEqual([0, true]);
  expect(transport.inspect().map(({ running, waiting }) => [running, waiting])).toEqual(
    transport.inspect().map(() => [0, 0]),
  );
  // All eight slots are still there to be had.
  server.reply({ "* /*": bench.json({ ok: true }) });
  const slots = await Promise.all(
    Array.from(
      { length: 8 },
      () => new Promise<Slot>((resolve) => void transport.waitForSlot(server.origin, resolve)),
    ),
  );
  expect(transport.slot(server.origin)).toBeUndefined();
  for (const slot of slots) slot.release();
  await transport.close(1_000);
  await until(() => server.open === 0, "all sockets are closed");
  await server.close();
});
