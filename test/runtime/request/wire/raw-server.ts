import { once } from "node:events";
import { createServer, type Socket } from "node:net";

/** A server on loopback that keeps what was written to its sockets, byte by byte, and parses no more than it must to answer. */
export interface RawServer {
  readonly host: string;
  /** All requests since the last call, in order. */
  take(): Buffer[];
  /** The JSON text of the next answers; the last one stays. */
  answer(...texts: string[]): void;
  close(): Promise<void>;
}

export async function startRawServer(): Promise<RawServer> {
  let requests: Buffer[] = [];
  let texts: string[] = ["{}"];
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    let read = Buffer.alloc(0);
    socket.on("error", () => socket.destroy());
    socket.on("data", (piece) => {
      read = Buffer.concat([read, piece]);
      for (let end = endOf(read); end !== undefined; end = endOf(read)) {
        requests.push(read.subarray(0, end));
        read = read.subarray(end);
        const text = (texts.length > 1 ? texts.shift() : texts[0]) ?? "{}";
        const length = Buffer.byteLength(text);
        socket.write(
          `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${text}`,
        );
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    host: `127.0.0.1:${port}`,
    take: () => {
      const taken = requests;
      requests = [];
      return taken;
    },
    answer: (...next) => {
      texts = next;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Where the first request in the bytes ends; all have a head and perhaps a length. */
function endOf(bytes: Buffer): number | undefined {
  const head = bytes.indexOf("\r\n\r\n");
  if (head < 0) return undefined;
  const [, length = "0"] =
    /\r\ncontent-length: (\d+)\r\n/i.exec(`${bytes.toString("latin1", 0, head)}\r\n`) ?? [];
  const end = head + 4 + Number(length);
  return bytes.length < end ? undefined : end;
}
