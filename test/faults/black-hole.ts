import { connect } from "node:net";
import { Worker } from "node:worker_threads";

/** Listens, says on which port, and then does nothing more: nobody takes connections out of its queue. */
const source = `
const { createServer } = require("node:net");
const { parentPort } = require("node:worker_threads");
const server = createServer();
server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
});`;

let opened: Promise<number> | undefined;

/**
 * A port that answers no SYN, as behind a firewall that drops packets: the queue of its listener is full. The same one
 * again and again, since to fill a queue takes a while; it ends with the process and keeps none from ending.
 */
export function blackHole(): Promise<number> {
  opened ??= open();
  return opened;
}

async function open(): Promise<number> {
  const worker = new Worker(source, { eval: true });
  const port = await new Promise<number>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  worker.unref();
  await fill(port);
  return port;
}

/** Connects until a connection is not answered for a while. */
async function fill(port: number): Promise<void> {
  for (let n = 0; n < 16; n++) {
    const socket = connect(port, "127.0.0.1").on("error", () => {});
    const answered = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true));
      setTimeout(() => resolve(false), 100);
    });
    socket.unref();
    if (!answered) return;
  }
  throw new Error("the listener takes every connection");
}
