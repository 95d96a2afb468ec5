import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLoopbackTransport } from "../../cli/demo/loopback-transport.ts";
import { compile } from "../../compiler/index.ts";
import { type Connection, type ConnectOptions, createRuntime, type Random } from "../../runtime/index.ts";
import {
  createFakeClock,
  type FakeClock,
  type Handler,
  type Routes,
  startServer,
  type TestServer,
} from "../../runtime/testing/index.ts";
import type { Connector } from "../../schema/ir.ts";

const root = join(import.meta.dirname, "../../descriptors");

/** The folders of `descriptors/`. */
export const shipped: readonly string[] = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

/** The text of a shipped file. */
export function textOf(connector: string, file: string): string {
  return readFileSync(join(root, connector, file), "utf8");
}

const irs = new Map<string, Promise<Connector>>();

/** The IR of a shipped descriptor, which must be without any finding. */
export function shippedIr(connector: string): Promise<Connector> {
  const ir = irs.get(connector) ?? compileShipped(connector);
  irs.set(connector, ir);
  return ir;
}

async function compileShipped(connector: string): Promise<Connector> {
  const { ir, diagnostics } = await compile(textOf(connector, "connector.yaml"));
  if (!ir || diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return ir;
}

/** One request and its answer, as it went or would go. `records` says where in the answer's body the records are. */
export interface RecordedExchange {
  readonly operation?: string;
  readonly step?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly records?: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly query: Readonly<Record<string, readonly string[]>>;
    /** Path and query as they stand on the wire. */
    readonly target?: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
    /** The body as it stands on the wire, where it is no JSON. */
    readonly text?: string;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
    /** The body as it stands on the wire, where it is no JSON, and what it is read as. */
    readonly text?: string;
    readonly value?: unknown;
  };
}

/** The recorded exchanges of a connector by file name, in the order of the names. */
export function exchangesOf(connector: string): ReadonlyMap<string, RecordedExchange> {
  const files = readdirSync(join(root, connector, "exchanges")).sort();
  return new Map(
    files
      .filter((file) => file !== "connection.json")
      .map((file) => [
        file.replace(/\.json$/, ""),
        readJson<RecordedExchange>(connector, `exchanges/${file}`),
      ]),
  );
}

/** The credentials and settings that the exchanges were recorded with. They open nothing. */
export function recordedConnection(connector: string): ConnectOptions {
  return readJson<ConnectOptions>(connector, "exchanges/connection.json");
}

function readJson<T>(connector: string, file: string): T {
  // Our own files, of a shape that the replay fails without.
  return JSON.parse(textOf(connector, file)) as T;
}

/** Without chance a request is the same in every run: nonces, idempotency keys and what is signed with them. */
export const noChance: Random = {
  next: () => 0.5,
  bytes: (length) => Uint8Array.from({ length }, (_, index) => index % 256),
  uuid: () => "00000000-0000-4000-8000-000000000001",
};

/** A shipped connector, unchanged, whose hosts are all played by one server on loopback. */
export interface Played {
  readonly connection: Connection;
  readonly server: TestServer;
  readonly ir: Connector;
  readonly clock: FakeClock;
  close(): Promise<void>;
}

/** Starts the server and connects with the recorded credentials, or with those of `options` in their place. */
export async function play(
  connector: string,
  routes: Routes | Handler,
  options: ConnectOptions = {},
): Promise<Played> {
  const clock = createFakeClock(1_000);
  const ir = await shippedIr(connector);
  const server = await startServer(routes, { clock });
  const transport = createLoopbackTransport(server.origin, clock);
  const runtime = createRuntime({ clock, transport, random: noChance });
  const connection = runtime.connect(ir, { ...recordedConnection(connector), ...options });
  const close = async (): Promise<void> => {
    await runtime.close();
    await transport.close(0);
    await server.close();
  };
  return { connection, server, ir, clock, close };
}
