import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { NodeIncomingMessageLike } from "@modelcontextprotocol/node";
import {
  createMcpHandler,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
} from "@modelcontextprotocol/server";
import { createGuard, type HttpAuth } from "./http-guard.ts";
import type { ToolServer } from "./tool-server.ts";
import { misconfigured } from "./tool-set.ts";

/** Where and to whom tools are served over HTTP. */
export interface HttpServingOptions {
  /** Address to listen on. Default: 127.0.0.1; any other asks for `auth`. */
  readonly host?: string;
  /** Default: one that is free. */
  readonly port?: number;
  /** Path of the endpoint. Default: `/mcp`. */
  readonly path?: string;
  /** Further names of this server that clients may use, without ports, beside those of this machine. */
  readonly allowedHosts?: readonly string[];
  /** Hosts whose pages may call, beside those of this machine. */
  readonly allowedOrigins?: readonly string[];
  readonly auth?: HttpAuth;
  /** Hears of faults that no answer tells. */
  readonly told?: (fault: Error) => void;
}

export interface HttpServing {
  readonly url: string;
  /** Finishes what runs, then leaves no socket. */
  close(): Promise<void>;
}

const loopback = new Set(["127.0.0.1", "::1", "localhost"]);

/**
 * Serves over Streamable HTTP, both revisions of the protocol. A caller's token ends here: it is never sent on. Throws
 * `configuration` where others than this machine could call without a token.
 */
export async function serveToolsOverHttp(
  server: ToolServer,
  options: HttpServingOptions = {},
): Promise<HttpServing> {
  const { host = "127.0.0.1", port = 0, path = "/mcp", auth, told = () => {} } = options;
  if (!auth && !loopback.has(host))
    throw misconfigured(
      `${host} can be reached from other machines; ask for a token, or listen on 127.0.0.1.`,
    );
  const { toNodeHandler } = await import("@modelcontextprotocol/node");
  const handler = createMcpHandler(server.factory, { onerror: told });
  const guard = createGuard({
    hosts: [...localhostAllowedHostnames(), ...(options.allowedHosts ?? [])],
    origins: [...localhostAllowedOrigins(), ...(options.allowedOrigins ?? [])],
    path,
    auth,
  });
  const listener = toNodeHandler(
    {
      fetch: async (request) => {
        const judged = await guard(request);
        if ("response" in judged) return judged.response;
        return handler.fetch(request, judged.authInfo ? { authInfo: judged.authInfo } : {});
      },
    },
    { onerror: told },
  );
  // Node's type says `undefined` where the adapter's says nothing; it is the same object.
  const http = createServer(
    (request, response) => void listener(request as NodeIncomingMessageLike, response),
  );
  await listening(http, host, port);
  // A server that listens on TCP has such an address.
  const { port: bound } = http.address() as AddressInfo;
  const name = host.includes(":") ? `[${host}]` : host;
  return {
    url: `http://${name}:${bound}${path}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => {
        http.close(() => resolve());
      });
      await server.close();
      await handler.close();
      http.closeAllConnections();
      await closed;
    },
  };
}

function listening(http: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        misconfigured(
          `Cannot listen on ${host}:${port} (${error.code ?? error.message}); take another port.`,
        ),
      ),
    );
    http.listen(port, host, resolve);
  });
}
