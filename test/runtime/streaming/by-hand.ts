import type { ResponseStream } from "../../../runtime/index.ts";
import type { Reply, Wire } from "../../../runtime/testing/index.ts";

/** An answer that the test writes piece by piece. */
export function byHand(head = "transfer-encoding: chunked"): {
  readonly reply: Reply;
  readonly wire: Promise<Wire>;
  readonly closed: Promise<void>;
} {
  let got: (wire: Wire) => void = () => {};
  let gone: () => void = () => {};
  const wire = new Promise<Wire>((resolve) => {
    got = resolve;
  });
  const closed = new Promise<void>((resolve) => {
    gone = resolve;
  });
  const reply: Reply = {
    raw: (own) => {
      own.socket.once("close", gone);
      own.write(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n`);
      got(own);
    },
  };
  return { reply, wire, closed };
}

export function chunk(data: string): string {
  return `${Buffer.byteLength(data).toString(16)}\r\n${data}\r\n`;
}

export function iterator<T>(stream: ResponseStream<T>): AsyncIterator<T> {
  return stream[Symbol.asyncIterator]();
}
