/** Faults before a connection is there: names, sockets, TLS. */
import type { LookupAddress } from "node:dns";
import { createServer, type LookupFunction, type Server } from "node:net";
import { closeBeforeHeaders, resetBeforeHeaders, startServer } from "../../../runtime/testing/index.ts";
import type { NetworkOptions } from "../../../runtime/transport/undici-transport.ts";
import { blackHole } from "../black-hole.ts";
import { everywhere, type Fault, fails, ok, unlessWrite } from "../fault.ts";
import { good } from "../scene.ts";

const day = 86_400_000;
const unreachable = everywhere(fails("network_error", 3, true));
const distrusted = everywhere(fails("network_error", 1, false));
const blocked = everywhere(fails("destination_blocked", 1, false));

type Answer = readonly string[] | string;

/** Answers look-ups in order, the last answer again and again; a text is an error's code. */
function resolving(...answers: readonly Answer[]): LookupFunction {
  let asked = 0;
  return (host, _options, callback) => {
    const answer = answers[Math.min(asked++, answers.length - 1)] ?? [];
    if (typeof answer === "string")
      callback(
        Object.assign(new Error(`${answer} ${host}`), { code: answer, syscall: "getaddrinfo" }),
        "",
        0,
      );
    else
      callback(
        null,
        answer.map((address): LookupAddress => ({ address, family: 4 })),
      );
  };
}

const named = (...answers: readonly Answer[]): (() => NetworkOptions) => {
  return () => ({ allow: ["api.fault.example", "127.0.0.1"], lookup: resolving(...answers) });
};

async function mute(onClose: (close: () => Promise<unknown>) => void): Promise<number> {
  const sockets = new Set<{ destroy(): void }>();
  const server: Server = createServer((socket) => {
    socket.on("error", () => {}).resume();
    sockets.add(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onClose(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server listens on no port");
  return address.port;
}

export const connectFaults: readonly Fault[] = [
  {
    name: "connection refused",
    async origin() {
      const gone = await startServer({});
      await gone.close();
      return gone.origin;
    },
    seen: unreachable,
    todo: "Check that the server runs, and host and port. Call again later",
  },
  {
    name: "a host that drops packets",
    origin: async () => `http://127.0.0.1:${await blackHole()}`,
    stalled: () => true,
    seen: unreachable,
    todo: "Check firewalls and addresses. `network.connectTimeoutMs` says how long each attempt waits",
  },
  {
    name: "a name that is not there (NXDOMAIN)",
    origin: ({ failing }) => `http://api.fault.example:${failing.port}`,
    network: named("ENOTFOUND"),
    seen: unreachable,
    todo: "Check the host in the URL and in the settings",
  },
  {
    name: "a name server that fails once (EAI_AGAIN)",
    origin: ({ failing }) => `http://api.fault.example:${failing.port}`,
    network: named("EAI_AGAIN", ["127.0.0.1"]),
    seen: everywhere(ok(2)),
    todo: "Nothing",
  },
  {
    name: "a name that leads to a private address",
    origin: ({ failing }) => `https://api.fault.example:${failing.port}`,
    network: () => ({ allow: ["127.0.0.1"], lookup: resolving(["127.0.0.2"]) }),
    also: ({ failing }) => (failing.connections > 0 ? ["a connection was made"] : []),
    seen: blocked,
    todo: "If the host is meant, name it under `network.allow`",
  },
  {
    name: "a name that leads elsewhere the second time (rebinding)",
    origin: ({ failing }) => `http://app.localhost:${failing.port}`,
    network: () => ({ allow: ["127.0.0.1"], lookup: resolving(["127.0.0.1"], ["127.0.0.2"]) }),
    at: ["operation", "operation after a chain"],
    warm: true,
    before: ({ failing }) => failing.dropConnections(),
    seen: blocked,
    todo: "If both addresses are meant, name them under `network.allow`",
  },
  {
    name: "a self-signed certificate",
    tls: { certificate: {}, trusted: false },
    seen: distrusted,
    todo: "Give the server's authority as `network.ca`",
  },
  {
    name: "an expired certificate",
    tls: {
      certificate: { notBefore: Date.now() - 10 * day, notAfter: Date.now() - 9 * day },
      trusted: true,
    },
    seen: distrusted,
    todo: "The server must renew its certificate",
  },
  {
    name: "a certificate for another host",
    tls: { certificate: { hosts: ["other.example"] }, trusted: true },
    seen: distrusted,
    todo: "Check the host in the URL",
  },
  {
    name: "a TLS handshake that stalls",
    origin: async (_scene, onClose) => `https://127.0.0.1:${await mute(onClose)}`,
    stalled: () => true,
    seen: unreachable,
    todo: "Check that the port speaks TLS. Call again later",
  },
  {
    name: "a kept connection that the server has just closed",
    warm: true,
    answers: () => [
      // The first request on the kept connection meets its end; whether it was read, nobody knows.
      ({ connection }) => (connection === 1 ? closeBeforeHeaders() : good),
    ],
    at: ["operation", "operation after a chain"],
    overHttp2: false, // a connection of the front's
    seen: unlessWrite(ok(2), fails("network_error", 1, true)),
    todo: "The write may have been done: look, or repeat it under the same `idempotencyKey`",
  },
  {
    name: "a kept connection past the time that the server keeps it",
    warm: true,
    overHttp2: false,
    keepAliveMs: 1_000,
    answers: () => [({ connection }) => (connection === 1 ? resetBeforeHeaders() : good)],
    at: ["operation", "operation after a chain"],
    seen: everywhere(ok(1)),
    todo: "Nothing: a connection is not used in the last second that the server grants it",
  },
];
