import type { ResponseHeaders, Sink, Slot, Transport, TransportError } from "../ports.ts";
import { joinChunks } from "../response/charset.ts";

const limits = { maxBytes: 1024 * 1024, maxRatio: 100 };

/** Gets a document; what `fetch` does, as far as discovery and key sets need it. */
export type GetDocument = (
  url: string,
  options: { readonly headers?: Readonly<Record<string, string>>; readonly signal?: AbortSignal | undefined },
) => Promise<Response>;

/** Gets documents of up to 1 MiB over a transport, so that its rules of the network count. Follows no redirect. */
export function createGetDocument(transport: Transport): GetDocument {
  return async (url, { headers = {}, signal }) => {
    const { origin, pathname, search } = new URL(url);
    const slot = await new Promise<Slot>((resolve) => {
      transport.waitForSlot(origin, resolve);
    });
    try {
      return await new Promise<Response>((resolve, reject) => {
        const wire = {
          origin,
          path: pathname + search,
          method: "GET",
          headers: Object.entries(headers).flatMap(([name, value]) => [name.toLowerCase(), value]),
          idempotent: true,
          limits,
        };
        const abort = transport.send(
          wire,
          collect(resolve, (error) => reject(new TypeError(error.message))),
        );
        signal?.addEventListener("abort", () => {
          abort();
          reject(signal.reason);
        });
      });
    } finally {
      slot.release();
    }
  };
}

function collect(done: (response: Response) => void, fail: (error: TransportError) => void): Sink {
  const chunks: Uint8Array[] = [];
  let status = 0;
  let headers: ResponseHeaders | undefined;
  return {
    head: (code, received) => {
      status = code;
      headers = received;
    },
    data: (chunk) => void chunks.push(chunk),
    end: () => {
      const type = headers?.get("content-type");
      const body = Buffer.from(joinChunks(chunks));
      done(new Response(body, { status, headers: type === undefined ? {} : { "content-type": type } }));
    },
    fail,
  };
}
