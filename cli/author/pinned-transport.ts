import type { Slot, Transport, WireRequest } from "../../runtime/index.ts";

/** What a connection may do, whatever the descriptor says that uses it. */
export interface Pin {
  /** `https://host[:port]`. */
  readonly origins: ReadonlySet<string>;
  /** Requests other than GET and HEAD. */
  readonly writes: boolean;
}

const freeSlot: Slot = { release: () => {} };

/** Sends what the pin allows; all else fails before anything is connected. */
export function pinnedTransport(inner: Transport, pin: Pin): Transport {
  return {
    send: (request, sink) => {
      const message = problemOf(request, pin);
      if (message === undefined) return inner.send(request, sink);
      let cancelled = false;
      queueMicrotask(() => {
        if (!cancelled) sink.fail({ kind: "blocked", message, sent: false });
      });
      return () => {
        cancelled = true;
      };
    },
    slot: (origin, client) => (isPinned(pin, origin) ? inner.slot(origin, client) : freeSlot),
    waitForSlot: (origin, granted, client) => {
      if (isPinned(pin, origin)) return inner.waitForSlot(origin, granted, client);
      granted(freeSlot);
      return () => {};
    },
    judge: async (origin) => (isPinned(pin, origin) ? inner.judge?.(origin) : elsewhere(origin)),
    close: (graceMs) => inner.close(graceMs),
    inspect: () => inner.inspect(),
  };
}

const isPinned = (pin: Pin, origin: string): boolean => pin.origins.has(origin);

function problemOf({ origin, method }: WireRequest, pin: Pin): string | undefined {
  if (!isPinned(pin, origin)) return elsewhere(origin);
  if (pin.writes || method === "GET" || method === "HEAD") return undefined;
  return `the connection may not send ${method}; whoever started the server may allow it with --allow-writes`;
}

function elsewhere(origin: string): string {
  return `the connection is not pinned to ${origin}; whoever started the server pins connections with --pin`;
}
