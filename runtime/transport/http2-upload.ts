import type { ClientHttp2Stream } from "node:http2";
import type { WireRequest } from "../ports.ts";
import { isStream } from "./exchange.ts";

/** Sends a body, a stream only as fast as the server takes it. Settles when all is handed over, or the HTTP/2 stream is over; rejects where the body breaks off. */
export async function upload(stream: ClientHttp2Stream, body: WireRequest["body"]): Promise<void> {
  if (!isStream(body)) {
    stream.end(body);
    return;
  }
  // Node ends what a stream has to say when it closes it, and the server would take a part of the body for all of it.
  const end = stream.end.bind(stream);
  stream.end = () => stream;
  for await (const piece of body) {
    if (stream.closed) return;
    if (!stream.write(piece)) await roomIn(stream);
  }
  if (!stream.closed) end(); // a body that was cancelled ends early
}

function roomIn(stream: ClientHttp2Stream): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      stream.off("drain", go).off("close", go);
      resolve();
    };
    stream.on("drain", go).on("close", go);
  });
}
