import { systemClock } from "../../../runtime/clock.ts";
import type {
  IncomingBody,
  ResponseHeaders,
  Sink,
  Transport,
  TransportError,
  WireRequest,
} from "../../../runtime/ports.ts";
import type { NetworkOptions } from "../../../runtime/transport/undici-transport.ts";
import { createTransport } from "../../../runtime/transport/undici-transport.ts";

/** What one exchange told its sink. */
export interface Told {
  readonly events: string[];
  status?: number;
  headers?: ResponseHeaders;
  trailers?: ResponseHeaders;
  body?: IncomingBody;
  readonly chunks: Uint8Array[];
  error?: TransportError;
  text(): string;
}

export const loopback: NetworkOptions = { allow: ["127.0.0.0/8"] };

export function transportTo(network: NetworkOptions = loopback): Transport {
  return createTransport({ network, clock: systemClock });
}

export function wireRequest(origin: string, path: string, more: Partial<WireRequest> = {}): WireRequest {
  const limits = { maxBytes: 10 * 1024 * 1024, maxRatio: 100 };
  return { origin, path, method: "GET", headers: [], idempotent: true, limits, ...more };
}

/** Sends without a slot and waits for the end. */
export function exchange(
  transport: Transport,
  request: WireRequest,
  watch: Partial<Sink> = {},
): Promise<Told> {
  return start(transport, request, watch).told;
}

/** Sends, and gives the abort function too. */
export function start(
  transport: Transport,
  request: WireRequest,
  watch: Partial<Sink> = {},
): { readonly abort: () => void; readonly told: Promise<Told>; readonly soFar: Told } {
  const told: Told = { events: [], chunks: [], text: () => Buffer.concat(told.chunks).toString("utf8") };
  let abort = (): void => {};
  const done = new Promise<Told>((resolve) => {
    abort = transport.send(request, {
      connected() {
        told.events.push("connected");
        watch.connected?.();
      },
      sent() {
        told.events.push("sent");
        watch.sent?.();
      },
      head(status, headers, body) {
        told.events.push("head");
        Object.assign(told, { status, headers, body });
        watch.head?.(status, headers, body);
      },
      data(chunk) {
        told.chunks.push(chunk);
        watch.data?.(chunk);
      },
      end(trailers) {
        told.events.push("end");
        if (trailers !== undefined) told.trailers = trailers;
        resolve(told);
      },
      fail(error) {
        told.events.push("fail");
        told.error = error;
        resolve(told);
      },
    });
  });
  return { abort, told: done, soFar: told };
}

/** Settles once the condition holds; fails loudly after half a minute, in which a busy machine gets there too. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 30_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
