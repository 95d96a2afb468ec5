/**
 * A server of its own process that notes when requests arrive: the moment their bytes are read from the socket.
 * Told `stall <ms>`, it holds back answers and takes up new connections late, while it reads on from open ones. Told
 * `end`, it prints what it saw. Times are Unix milliseconds with fractions, comparable between processes.
 */
import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { watchLags } from "./lags.ts";

const arrivals: number[] = [];
const held: (() => void)[] = [];
const lags = watchLags();
let isStalled = false;

function now(): number {
  return performance.timeOrigin + performance.now();
}

const answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";

/** Bodies are none: each blank line ends a request. */
function read(socket: Socket): void {
  let rest = "";
  socket.on("data", (chunk) => {
    const parts = (rest + chunk.toString("latin1")).split("\r\n\r\n");
    rest = parts.pop() ?? "";
    for (const _ of parts) {
      arrivals.push(now());
      if (isStalled) held.push(() => socket.write(answer));
      else socket.write(answer);
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

createInterface({ input: process.stdin }).on("line", (line) => {
  const [word, ms] = line.split(" ");
  if (word === "stall") stall(Number(ms));
  else process.stdout.write(`${JSON.stringify({ arrivals, lags: lags.end() })}\n`, () => process.exit(0));
});

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") process.stdout.write(`${address.port}\n`);
});
