import { connect, type Socket } from "node:net";
import { Worker } from "node:worker_threads";

/** Listens, says on which port, and then does nothing more: nobody takes connections out of its queue. */
const source = `
const { createServer } = require("node:net");
const { parentPort, workerData } = require("node:worker_threads");
const server = createServer();
server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  setImmediate(() => {
    Atomics.wait(new Int32Array(workerData), 0, 0);
    process.exit();
  });
});`;

export interface BlackHole {
  readonly port: number;
  close(): Promise<void>;
}

/** A port that answers no SYN, as behind a firewall that drops packets: the queue of its listener is full. */
export async function openBlackHole(): Promise<BlackHole> {
  const wake = new SharedArrayBuffer(4);
  const worker = new Worker(source, { eval: true, workerData: wake });
  const port = await new Promise<number>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  const fillers = await fill(port);
  return {
    port,
    async close() {
      for (const filler of fillers) filler.destroy();
      const gone = new Promise((resolve) => worker.once("exit", resolve));
      Atomics.store(new Int32Array(wake), 0, 1);
      Atomics.notify(new Int32Array(wake), 0);
      await gone;
    },
  };
}

/** Connects until a connection is not answered for a while. */
async function fill(port: number): Promise<Socket[]> {
  const fillers: Socket[] = [];
  for (let n = 0; n < 16; n++) {
    const socket = connect(port, "127.0.0.1").on("error", () => {});
    fillers.push(socket);
    const answered = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true));
      setTimeout(() => resolve(false), 100);
    });
    if (!answered) return fillers;
  }
  throw new Error("the listener takes every connection");
}
