/** What was imported, connected to a server of this process that stands in for every host. */
import { createLoopbackTransport } from "../../../cli/demo/loopback-transport.ts";
import { systemClock } from "../../../runtime/clock.ts";
import {
  type Connection,
  type ConnectOptions,
  ConnectorError,
  createRuntime,
} from "../../../runtime/index.ts";
import { type Routes, startServer, type TestServer } from "../../../runtime/testing/index.ts";
import { irOf } from "../../support/line.ts";

export interface Connected {
  readonly server: TestServer;
  readonly connection: Connection;
  close(): Promise<void>;
}

export async function connectImported(
  text: string,
  routes: Routes,
  options: ConnectOptions = {},
): Promise<Connected> {
  const server = await startServer(routes);
  const runtime = createRuntime({ transport: createLoopbackTransport(server.origin, systemClock) });
  return {
    server,
    connection: runtime.connect(await irOf(text), options),
    async close() {
      await runtime.close();
      await server.close();
    },
  };
}

/** The data of all pages, and the code of the error that ended them. */
export async function readAll(
  connection: Connection,
  operation: string,
  parameters: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly pages: readonly unknown[]; readonly code: string | undefined }> {
  const pages: unknown[] = [];
  try {
    for await (const { data } of connection.pages(operation, parameters)) pages.push(data);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return { pages, code: error.code };
  }
  return { pages, code: undefined };
}
