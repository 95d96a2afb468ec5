/** A server that serves 1,000,000 records in pages of 100, by cursor, in a process of its own; tells its port by IPC. */
import { createServer } from "node:net";
import { pageSize, total } from "./work.ts";

/** The records of a page look alike but for their ids: what is sent is made once, the ids are put in by width. */
const record = (id: number): string =>
  `{"id":${id},"key":"DESK-${id}","summary":"Printer on floor ${id % 40} is out of paper","status":"open","votes":${id % 7}}`;

function answerOf(start: number): Buffer {
  const records = Array.from({ length: Math.min(pageSize, total - start) }, (_, at) => record(start + at));
  const next = start + pageSize < total ? `"${start + pageSize}"` : "null";
  const body = `{"items":[${records.join(",")}],"next":${next}}`;
  return Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: keep-alive\r\nkeep-alive: timeout=60\r\n\r\n${body}`,
  );
}

const server = createServer({ noDelay: true }, (socket) => {
  // Neither contestant splits its head over packets or sends a body.
  socket.on("data", (head) => {
    const cursor = /[?&]cursor=(\d+)/.exec(head.toString("latin1", 0, 200))?.[1];
    socket.write(answerOf(Number(cursor ?? 0)));
  });
  socket.on("error", () => socket.destroy());
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.(typeof address === "object" ? address?.port : undefined);
});
process.on("disconnect", () => process.exit());
