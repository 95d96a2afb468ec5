import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import type { Socket } from "node:net";
import { systemClock } from "../clock.ts";
import type { Clock } from "../ports.ts";
import { createReceivedRequest } from "./server-requests.ts";
import type { Router } from "./server-routes.ts";
import { createRouter } from "./server-routes.ts";
import type {
  Handler,
  ReceivedRequest,
  Reply,
  Routes,
  ServerOptions,
  TestServer,
  Wire,
} from "./server-types.ts";

/**
 * Starts an HTTP server on a free port of 127.0.0.1 that answers as told and logs what it was asked.
 *
 * ```ts
 * const server = await startServer({
 *   "GET /users/:id": (_request, { params }) => json({ id: params.id }),
 *   "GET /flaky": sequence(status(503), json({ ok: true })),
 *   "GET /broken": resetMidBody(),
 * });
 * const answer = await fetch(`${server.origin}/users/7`);   // { id: "7" }
 * server.times("/users/7");                                 // 1
 * server.requests[0]?.headers["accept"];
 * await server.close();
 * ```
 *
 * A request that no route fits is answered with 404, a handler that throws with 500 and its message.
 */
export async function startServer(
  routes: Routes | Handler,
  options: ServerOptions = {},
): Promise<TestServer> {
  const clock = options.clock ?? systemClock;
  const requests: ReceivedRequest[] = [];
  const sockets = new Map<Socket, number>();
  let connections = 0;
  let router: Router = createRouter(routes);

  const server = options.tls === undefined ? createHttp() : createHttps(options.tls);
  server.keepAliveTimeout = options.keepAliveMs ?? 5_000;
  server.on(options.tls === undefined ? "connection" : "secureConnection", (socket: Socket) => {
    sockets.set(socket, ++connections);
    socket.on("error", () => {}); // clients break off; that is theirs to tell
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("request", (incoming: IncomingMessage, response: ServerResponse) => {
    void serve(incoming, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server listens on no port");
  const origin = `${options.tls === undefined ? "http" : "https"}://127.0.0.1:${address.port}`;

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const number = requests.length + 1;
    const connection = sockets.get(incoming.socket) ?? 0;
    const request = createReceivedRequest(incoming, { number, connection, at: clock.now() });
    requests.push(request);
    if (!(await request.received)) return; // the client broke off
    const match = router(request);
    let reply: Reply;
    try {
      reply =
        match === undefined ? noRoute(request) : await match.handler(request, { ...match, clock, origin });
    } catch (error) {
      reply = { status: 500, text: error instanceof Error ? error.message : String(error) };
    }
    await pause(reply.delayMs ?? 0, clock);
    answer(reply, response, clock);
  }

  return {
    origin,
    host: "127.0.0.1",
    port: address.port,
    requests,
    times: (path) =>
      requests.filter((request) => path === request.path || path === `${request.method} ${request.path}`)
        .length,
    get connections() {
      return connections;
    },
    get open() {
      return sockets.size;
    },
    async dropConnections() {
      await Promise.all([...sockets.keys()].map(drop));
    },
    reply(next) {
      router = createRouter(next);
    },
    close() {
      for (const socket of sockets.keys()) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function drop(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once("close", () => resolve());
    socket.end();
  });
}

function noRoute(request: ReceivedRequest): Reply {
  return { status: 404, json: { message: `no route for ${request.method} ${request.path}` } };
}

function pause(ms: number, clock: Clock): Promise<void> | undefined {
  return ms > 0 ? new Promise((resolve) => void clock.timer(ms, resolve)) : undefined;
}

function answer(reply: Reply, response: ServerResponse, clock: Clock): void {
  const { socket } = response;
  if (socket === null || socket.destroyed) return;
  if (reply.raw !== undefined) {
    reply.raw(wireOf(socket, clock));
    return;
  }
  const [type, body] = bodyOf(reply);
  response.setHeader("date", new Date(clock.wall()).toUTCString());
  if (type !== undefined) response.setHeader("content-type", type);
  for (const [name, value] of Object.entries(reply.headers ?? {})) {
    response.setHeader(name, typeof value === "string" ? value : [...value]);
  }
  response.statusCode = reply.status ?? 200;
  response.end(body);
}

function bodyOf(reply: Reply): [type: string | undefined, body: string | Uint8Array] {
  if (reply.json !== undefined) return ["application/json", JSON.stringify(reply.json)];
  if (reply.text !== undefined) return ["text/plain; charset=utf-8", reply.text];
  if (reply.bytes !== undefined) return ["application/octet-stream", reply.bytes];
  return [undefined, ""];
}

function wireOf(socket: Socket, clock: Clock): Wire {
  return {
    socket,
    write(part) {
      if (!socket.destroyed) socket.write(part);
    },
    after(ms, then) {
      const gone = (): void => timer.cancel();
      const timer = clock.timer(ms, () => {
        socket.off("close", gone);
        if (!socket.destroyed) then();
      });
      socket.once("close", gone);
    },
    end: () => void socket.end(),
    reset: () => void socket.resetAndDestroy(),
  };
}
