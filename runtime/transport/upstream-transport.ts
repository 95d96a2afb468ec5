import type { ClientCertificate, Clock, Sink, Slot, Transport, WireRequest } from "../ports.ts";
import { EventFold } from "./event-fold.ts";
import type { StdioServers } from "./stdio-server.ts";

/**
 * The transport of a connection to an MCP server: requests to `stdio://name` go to the process that the host starts under
 * that name, all others where they go anyway, judged and pooled; answers that come as events are read as their last message.
 */
export class UpstreamTransport implements Transport {
  readonly #inner: Transport;
  readonly #servers: StdioServers;
  readonly #clock: Clock;
  readonly #changed: () => void;

  /** `changed`: a server says, before an answer, that its list of tools is another. */
  constructor(inner: Transport, servers: StdioServers, clock: Clock, changed: () => void) {
    this.#inner = inner;
    this.#servers = servers;
    this.#clock = clock;
    this.#changed = changed;
  }

  send(request: WireRequest, sink: Sink): () => void {
    const server = this.#servers.at(request.origin);
    if (server) return server.send(request, sink);
    if (!takesEvents(request)) return this.#inner.send(request, sink);
    return new EventFold(sink, this.#clock, this.#changed).start((folding) =>
      this.#inner.send(request, folding),
    );
  }

  slot(origin: string, client?: ClientCertificate): Slot | undefined {
    const server = this.#servers.at(origin);
    return server ? server.slot() : this.#inner.slot(origin, client);
  }

  waitForSlot(origin: string, granted: (slot: Slot) => void, client?: ClientCertificate): () => void {
    const server = this.#servers.at(origin);
    return server ? server.waitForSlot(granted) : this.#inner.waitForSlot(origin, granted, client);
  }

  judge(origin: string): Promise<string | undefined> {
    return this.#inner.judge?.(origin) ?? Promise.resolve(undefined);
  }

  /** The inner one belongs to the runtime. */
  close(): Promise<void> {
    return this.#servers.close();
  }

  inspect(): ReturnType<Transport["inspect"]> {
    return this.#inner.inspect();
  }
}

function takesEvents({ headers }: WireRequest): boolean {
  const at = headers.indexOf("accept");
  return at >= 0 && at % 2 === 0 && headers[at + 1]?.includes("text/event-stream") === true;
}
