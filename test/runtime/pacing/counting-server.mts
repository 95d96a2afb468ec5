/**
 * A server of its own process that notes when requests arrive: the moment their bytes are read from the socket. It
 * closes each connection after as many answers as its argument says. Told `stall <ms>`, it holds back answers and takes
 * up new connections late, while it reads on from open ones. Told `end`, it prints what it saw. Times are milliseconds of
 * the machine's monotonic clock.
 */
import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { watchLags } from "./lags.ts";
import { idHeader, monotonicMs } from "./wire-watch.ts";

const answersPerConnection = Number(process.argv[2]);
const arrivals: [id: string, at: number][] = [];
const held: (() => void)[] = [];
const lags = watchLags();
const idOf = new RegExp(`\r\n${idHeader}: (\\d+)`, "i");
let isStalled = false;

function answer(socket: Socket, isLast: boolean): void {
  const close = isLast ? "connection: close\r\n" : "";
  socket.write(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${close}content-length: 2\r\n\r\n{}`,
  );
  if (isLast) socket.end();
}

/** Bodies are none: each blank line ends a request. */
function read(socket: Socket): void {
  let rest = "";
  let answers = 0;
  socket.on("data", (chunk) => {
    const parts = (rest + chunk.toString("latin1")).split("\r\n\r\n");
    rest = parts.pop() ?? "";
    for (const head of parts) {
      arrivals.push([idOf.exec(head)?.[1] ?? "", monotonicMs()]);
      const isLast = ++answers === answersPerConnection;
      if (isStalled) held.push(() => answer(socket, isLast));
      else answer(socket, isLast);
    }
  });
  socket.on("error", () => socket.destroy());
  socket.resume();
}

const server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
  if (isStalled) held.push(() => read(socket));
  else read(socket);
});

function stall(ms: number): void {
  isStalled = true;
  setTimeout(() => {
    isStalled = false;
    for (const release of held.splice(0)) release();
  }, ms);
}

const orders = createInterface({ input: process.stdin });
orders.on("line", (line) => {
  const [word, ms] = line.split(" ");
  if (word === "stall") stall(Number(ms));
  else process.stdout.write(`${JSON.stringify({ arrivals, lags: lags.end() })}\n`);
});
// Nor does it outlive a test that failed.
orders.on("close", () => process.exit(0));

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") process.stdout.write(`${address.port}\n`);
});
