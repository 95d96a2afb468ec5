/** A server that answers every request with the same 1 KB of JSON, in a process of its own; tells its port by IPC. */
import { createServer } from "node:net";
import { answerBody } from "./work.ts";

const body = answerBody();
const answer = Buffer.from(
  [
    "HTTP/1.1 200 OK",
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    "date: Sat, 01 Aug 2026 08:00:00 GMT",
    "x-request-id: 5f0c9a1e77",
    "cache-control: no-store",
    "connection: keep-alive",
    "keep-alive: timeout=60",
    "",
    body,
  ].join("\r\n"),
);

const server = createServer({ noDelay: true }, (socket) => {
  // None of the contestants splits its head over packets or sends a body.
  socket.on("data", () => socket.write(answer));
  socket.on("error", () => socket.destroy());
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.(typeof address === "object" ? address?.port : undefined);
});
process.on("disconnect", () => process.exit());
