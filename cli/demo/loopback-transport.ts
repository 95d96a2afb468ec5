import type { Clock, Sink, Slot, Transport, WireRequest } from "../../runtime/index.ts";
import { createTransport } from "../../runtime/transport/undici-transport.ts";

/**
 * A transport that takes everything, for whichever host it is meant, to a server of this process. The descriptor
 * stays as it is shipped and the runtime believes in the real host; nothing leaves the machine.
 */
export function createLoopbackTransport(origin: string, clock: Clock): Transport {
  const { host } = new URL(origin);
  const inner = createTransport({ network: { allow: [host] }, clock });
  return {
    send: (request: WireRequest, sink: Sink) => inner.send({ ...request, origin }, sink),
    slot: (): Slot | undefined => inner.slot(origin),
    waitForSlot: (_origin, granted) => inner.waitForSlot(origin, granted),
    close: (graceMs) => inner.close(graceMs),
    inspect: () => inner.inspect(),
  };
}
