import { compile } from "../../compiler/index.ts";
import {
  type Connection,
  type ConnectOptions,
  createRuntime,
  type Runtime,
  type RuntimeOptions,
} from "../../runtime/index.ts";
import type { Random } from "../../runtime/ports.ts";
import { systemRandom } from "../../runtime/random.ts";
import {
  createFakeClock,
  type FakeClock,
  type Routes,
  startServer,
  type TestServer,
} from "../../runtime/testing/index.ts";
import type { Connector } from "../../schema/ir.ts";

/** Compiles a descriptor that must be right. */
export async function irOf(yaml: string): Promise<Connector> {
  const { ir, diagnostics } = await compile(yaml);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (!ir || errors.length > 0)
    throw new Error(errors.map(({ message, path }) => `${path}: ${message}`).join("\n"));
  return ir;
}

/** A descriptor whose operations are served by the test server; the setting `base_url` says where that is. */
export function descriptor(sections: string, authentication = "  - type: none"): string {
  return `metadata: { name: Test API, slug: test-api, description: An API for tests., publisher: Tests }
base_url: "{base_url}"
connection_config: [{ key: base_url, label: Base URL }]
authentication:
${authentication}
${sections}`;
}

/** One operation without credentials. */
export function operation(fields: string, id = "op"): string {
  return descriptor(`operations:
  - operation_id: ${id}
    summary: An operation
    auth_type_ref: none
${indent(fields, 4)}`);
}

export function indent(text: string, by: number): string {
  return text
    .replace(/^\n+|\s+$/g, "")
    .split("\n")
    .map((line) => " ".repeat(by) + line)
    .join("\n");
}

/** A server, a runtime and a connection between them. */
export interface Line {
  readonly server: TestServer;
  readonly runtime: Runtime;
  readonly connection: Connection;
  readonly clock: FakeClock;
  readonly ir: Connector;
  close(): Promise<void>;
}

export interface LineOptions {
  readonly connect?: ConnectOptions;
  readonly runtime?: RuntimeOptions;
  /** Real time instead of a clock that stands still. */
  readonly realTime?: boolean;
}

/** A back-off is drawn from 0 on; one of 0 would be none, and no test that waits for it could see it. */
const neverNothing: Random = { ...systemRandom, next: () => 0.1 + 0.9 * systemRandom.next() };

/** Compiles, starts and connects. */
export async function line(yaml: string, routes: Routes, options: LineOptions = {}): Promise<Line> {
  const clock = createFakeClock(1_000);
  const ir = await irOf(yaml);
  const server = await startServer(routes, options.realTime ? {} : { clock });
  const runtime = createRuntime({
    network: { allow: [server.host] },
    random: neverNothing,
    ...(options.realTime ? {} : { clock }),
    ...options.runtime,
  });
  const connection = runtime.connect(ir, {
    ...options.connect,
    config: {
      ...(ir.settings.some(({ key }) => key === "base_url") ? { base_url: server.origin } : {}),
      ...options.connect?.config,
    },
  });
  const close = async (): Promise<void> => {
    const closed = runtime.close();
    // What still runs is ended by the clock.
    await clock.advance(11_000);
    await closed;
    await server.close();
  };
  return { server, runtime, connection, clock, ir, close };
}
