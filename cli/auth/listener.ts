/** Waits on loopback for the browser to come back from a login (RFC 8252, section 7.3). */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CommandFailure } from "../failure.ts";
import { type Page, pageHeaders, pages } from "./page.ts";

/** Where the login is to end; port 0 takes a free one. */
export interface RedirectTarget {
  /** `127.0.0.1`, `localhost` or `[::1]`, as the redirect URI spells it. */
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** The browser came back with the right state; it waits for a page. */
export interface Redirected {
  readonly url: string;
  answer(page: Page): Promise<void>;
}

export interface Listener {
  readonly redirectUri: string;
  /** The redirect of the login with this state; any other is turned away. */
  wait(
    state: string,
    options: { readonly limitMs: number; readonly signal: AbortSignal },
  ): Promise<Redirected>;
  close(): Promise<void>;
}

/** Listens. Nothing is taken before `wait`, and nothing after its redirect. */
export async function listen(target: RedirectTarget): Promise<Listener> {
  let arrive: ((request: IncomingMessage, response: ServerResponse, url: URL) => void) | undefined;
  const server = createServer({ maxHeaderSize: 16_384, requestTimeout: 10_000, headersTimeout: 10_000 });
  server.maxConnections = 20;
  const port = await bind(server, target);
  // Of the standard port a browser says nothing.
  const authority = port === 80 ? target.host : `${target.host}:${port}`;
  server.on("request", (request, response) => {
    const refusal = refuse(request, authority, target.path);
    if (refusal) void send(response, refusal);
    else if (arrive) arrive(request, response, new URL(request.url ?? "", `http://${authority}`));
    else void send(response, pages.unknown);
  });
  return {
    redirectUri: `http://${authority}${target.path}`,
    wait: (state, { limitMs, signal }) =>
      new Promise((resolve, reject) => {
        let taken = false;
        const timer = setTimeout(() => {
          end();
          reject(
            new CommandFailure(
              `nobody came back from the login within ${Math.round(limitMs / 60_000)} minutes; run the command again`,
              1,
            ),
          );
        }, limitMs);
        const stop = (): void => {
          end();
          reject(new CommandFailure("stopped", 130));
        };
        const end = (): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", stop);
        };
        if (signal.aborted) return stop();
        signal.addEventListener("abort", stop, { once: true });
        arrive = (_request, response, url) => {
          if (taken) return void send(response, pages.used);
          if (!carries(url, state)) return void send(response, pages.foreign);
          taken = true;
          end();
          resolve({ url: url.href, answer: (page) => send(response, page) });
        };
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function bind(server: Server, { host, port }: RedirectTarget): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const what =
        error.code === "EADDRINUSE"
          ? `port ${port} is in use; end the program that has it, or name another with --port`
          : `cannot listen on ${host}:${port}: ${error.code ?? "unknown"}; name another port with --port`;
      reject(new CommandFailure(what));
    });
    // A browser that tries `localhost` at ::1 first goes on to this address.
    server.listen({ port, host: host === "[::1]" ? "::1" : "127.0.0.1", exclusive: true }, () => {
      // A TCP server that listens has such an address.
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Why a request is not taken, whatever it carries. A page of another site that resolves to loopback names another host. */
function refuse(request: IncomingMessage, authority: string, path: string): Page | undefined {
  if (request.headers.host !== authority) return pages.host;
  const target = request.url ?? "";
  if (target !== path && !target.startsWith(`${path}?`)) return pages.unknown;
  return request.method === "GET" ? undefined : pages.method;
}

/** OAuth 2 brings the state back, OAuth 1 the request token; APIs have names of their own for it. */
function carries({ searchParams }: URL, state: string): boolean {
  return [...searchParams.values()].includes(state);
}

function send(response: ServerResponse, { status, html }: Page): Promise<void> {
  return new Promise((resolve) => {
    response.once("close", () => resolve());
    response
      .writeHead(status, status === 405 ? { ...pageHeaders, allow: "GET" } : pageHeaders)
      .end(html, () => resolve());
  });
}
