import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { NodeIncomingMessageLike } from "@modelcontextprotocol/node";
import {
  createMcpHandler,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
} from "@modelcontextprotocol/server";
import { systemClock } from "../clock.ts";
import type { Clock } from "../ports.ts";
import { createGuard, type HttpAuth } from "./http-guard.ts";
import { judgeHead, refuse } from "./http-head.ts";
import { ClientSessions } from "./sessions.ts";
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
  /** Sessions that are kept for clients of 2025-11-25 whose users may be asked. Default: 1024; one caller has a sixteenth of them. */
  readonly maxSessions?: number;
  /** After how long without requests and streams a session ends, in milliseconds. Default: an hour. */
  readonly sessionMs?: number;
  readonly clock?: Clock;
  /** Hears of faults that no answer tells. */
  readonly told?: (fault: Error) => void;
}

export interface HttpServing {
  readonly url: string;
  /** Finishes what runs, then leaves no socket. */
  close(): Promise<void>;
}

/** A request that takes longer to arrive than this is given up, in milliseconds. */
const requestMs = 60_000;
const defaults = { maxSessions: 1024, sessionMs: 3_600_000 };
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
  const sessions =
    server.mayAsk &&
    new ClientSessions({
      factory: server.factory,
      clock: options.clock ?? systemClock,
      most: options.maxSessions ?? defaults.maxSessions,
      idleMs: options.sessionMs ?? defaults.sessionMs,
      told,
    });
  const guard = createGuard({
    hosts: [...localhostAllowedHostnames(), ...(options.allowedHosts ?? [])],
    origins: [...localhostAllowedOrigins(), ...(options.allowedOrigins ?? [])],
    path,
    auth,
  });
  const listener = toNodeHandler(
    {
      fetch: async (request, options) =>
        (sessions && (await sessions.serve(request, options?.authInfo))) || handler.fetch(request, options),
    },
    { onerror: told },
  );
  const http = createServer({ requestTimeout: requestMs }, (request, response) => {
    judgeHead(guard, request)
      .then((judged) => {
        if ("response" in judged) return refuse(response, judged.response);
        // Where the adapter looks for the caller; its type says nothing where Node's says `undefined`.
        const known: object = Object.assign(request, { auth: judged.authInfo });
        return listener(known as NodeIncomingMessageLike, response);
      })
      .catch((fault: unknown) => {
        told(fault instanceof Error ? fault : new Error(String(fault)));
        response.destroy();
      });
  });
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
      if (sessions) await sessions.close();
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
