import type { Readable, Writable } from "node:stream";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import type { ToolServer } from "./tool-server.ts";

/** Serves tools to the one client that holds the other ends of these streams. */
export interface StdioServing {
  /** Settles when the client is gone or `close` was called. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** Serves over standard input and output, both revisions of the protocol; `told` hears of faults of the client. */
export function serveToolsOverStdio(
  server: ToolServer,
  streams: { readonly input: Readable; readonly output: Writable },
  told: (fault: Error) => void = () => {},
): StdioServing {
  const transport = new StdioServerTransport(streams.input, streams.output);
  const handle = serveStdio(server.factory, { transport, onerror: told });
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const closed = transport.onclose;
  transport.onclose = () => {
    closed?.();
    end();
  };
  return {
    ended,
    close: async () => {
      await server.close();
      await handle.close();
      end();
    },
  };
}
