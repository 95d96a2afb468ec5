import { InMemoryTransport, type JSONRPCMessage } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import type { ToolServer } from "../../runtime/mcp/index.ts";

/** A client of nothing but messages, so that what is measured is the server. */
export class InMemoryChannel {
  readonly #wire: InMemoryTransport;
  readonly #waiting = new Map<unknown, (message: JSONRPCMessage) => void>();
  readonly #stop: () => Promise<void>;
  #last = 0;

  private constructor(wire: InMemoryTransport, stop: () => Promise<void>) {
    this.#wire = wire;
    this.#stop = stop;
    wire.onmessage = (message) => {
      if ("id" in message) this.#waiting.get(message.id)?.(message);
    };
  }

  static async open(server: ToolServer): Promise<InMemoryChannel> {
    const [ours, theirs] = InMemoryTransport.createLinkedPair();
    const handle = serveStdio(server.factory, { transport: theirs });
    const channel = new InMemoryChannel(ours, () => handle.close());
    await ours.start();
    const clientInfo = { name: "bench", version: "1" };
    await channel.#ask("initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo });
    await ours.send({ jsonrpc: "2.0", method: "notifications/initialized" });
    return channel;
  }

  async call(name: string, given: Readonly<Record<string, unknown>>): Promise<JSONRPCMessage> {
    return this.#ask("tools/call", { name, arguments: given });
  }

  close(): Promise<void> {
    return this.#stop();
  }

  #ask(method: string, params: Record<string, unknown>): Promise<JSONRPCMessage> {
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve) => {
      this.#waiting.set(id, (message) => {
        this.#waiting.delete(id);
        resolve(message);
      });
      void this.#wire.send({ jsonrpc: "2.0", id, method, params });
    });
  }
}
