/** Connections of the standalone core to a server of this process. */
import { afterEach } from "vitest";
import { planOf } from "../../../compiler/emit/typescript/standalone/plan/index.ts";
import { compile } from "../../../compiler/index.ts";
import { makeRuntime } from "../../../runtime/standalone/create-runtime.ts";
import type { Connection, ConnectOptions, RuntimeOptions } from "../../../runtime/standalone/types.ts";
import { type Routes, startServer, type TestServer } from "../../../runtime/testing/index.ts";

const head = `
metadata: { name: Small, slug: small, description: A connector to try promises with., publisher: Example }
connection_config: [{ key: base_url, label: Address }]
base_url: "{base_url}"
defaults: { retry: { initial_ms: 1, max_ms: 1 } }
`;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Connects by a descriptor, behind its head. Both ends close after the test. */
export async function connected(
  descriptor: string,
  routes: Routes,
  options: ConnectOptions,
  world: RuntimeOptions = {},
): Promise<{
  readonly connection: Connection;
  readonly server: TestServer;
  /** Another connection of the same runtime, by the same options. */
  again(): Connection;
}> {
  const { ir, diagnostics } = await compile(head + descriptor);
  if (!ir) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  const server = await startServer(routes);
  const runtime = makeRuntime({ network: { allow: ["127.0.0.1"] }, ...world });
  closing.push(
    () => server.close(),
    () => runtime.close(),
  );
  const again = (): Connection =>
    runtime.connect(planOf(ir), { config: { base_url: server.origin }, ...options });
  return { connection: again(), server, again };
}
