/** Clients of imported documents send what the interpreter sends, operation by operation. */
import { describe, expect, it } from "vitest";
import { createLoopbackTransport } from "../../../../cli/demo/loopback-transport.ts";
import { createClientModel } from "../../../../compiler/emit/typescript/client-model.ts";
import { systemClock } from "../../../../runtime/clock.ts";
import { type Connection, createRuntime } from "../../../../runtime/index.ts";
import { startServer } from "../../../../runtime/testing/index.ts";
import type { Connector, Parameter } from "../../../../schema/ir.ts";
import { noChance } from "../../../descriptors/shipped.ts";
import { connectOptions } from "../../import/openapi/imported.ts";
import { NoSample, sampleParameter } from "../../import/openapi/sample.ts";
import { loadClient } from "../support/load-client.ts";
import { built, documents } from "./imported-clients.ts";
import { wire } from "./wire.ts";

type Client = { close(): Promise<void> } & { [method: string]: (params: object) => Promise<unknown> };
/** What stays the same from call to call. */
interface Connected {
  readonly connection: Connection;
  readonly clients: readonly Client[];
}

type Factory = (options: object, world: object) => Client;

describe.runIf(documents.length > 0)("clients of imported documents", () => {
  it.each(documents)("%s: send what the interpreter sends", async (file) => {
    const { ir, modes } = await built(file);
    const model = createClientModel(ir);
    // The answers are none that the document promises.
    const server = await startServer({ "* /*": { json: { id: "1" } } });
    const transport = createLoopbackTransport(server.origin, systemClock);
    const toLoopback = (url: string, init: RequestInit): Promise<Response> =>
      fetch(url.replace(/^https?:\/\/[^/?]+/, server.origin), init);
    const worlds = [{ transport }, { fetch: toLoopback }];
    const runtime = createRuntime({ transport, random: noChance });
    const sent = async (call: () => Promise<unknown>): Promise<readonly object[]> => {
      const before = server.requests.length;
      await call().catch(() => {});
      return server.requests.slice(before).map(wire);
    };
    // Their types are checked in a file of its own.
    const factories = await Promise.all(
      modes.map(async (files) => (await loadClient(files))[model.factory] as Factory),
    );
    const connected = new Map<string | undefined, Connected>();
    const connectedBy = (profile: string | undefined): Connected => {
      const known = connected.get(profile);
      if (known) return known;
      const options = connectOptions(ir, profile);
      const clients = factories.map((create, at) => create(options, { random: noChance, ...worlds[at] }));
      const made = { connection: runtime.connect(ir, options), clients };
      connected.set(profile, made);
      return made;
    };
    let compared = 0;
    try {
      for (const { operation, method } of model.operations) {
        const params = valuesFor(operation.parameters, ir);
        const { connection, clients } = connectedBy(operation.auth[0]?.profile);
        const expected = await sent(() => connection.call(operation.id, { ...params }));
        // Some samples fit no schema of their own document, which the interpreter refuses; a client by itself does not look.
        if (expected.length === 0) continue;
        for (const [at, client] of clients.entries()) {
          const found = await sent(async () => client[method]?.({ ...params }));
          expect(found, `${operation.id}, ${["runtime", "standalone"][at]}`).toEqual(expected);
        }
        compared++;
      }
    } finally {
      for (const { clients } of connected.values()) for (const client of clients) await client.close();
      await runtime.close();
      await transport.close(0);
      await server.close();
    }
    expect(compared).toBeGreaterThan(model.operations.length * 0.7);
  });
});

/** Made-up values of all parameters for which one can be made up. */
function valuesFor(parameters: readonly Parameter[], ir: Connector): object {
  return Object.fromEntries(
    parameters.flatMap((parameter) => {
      try {
        return [[parameter.name, sampleParameter(parameter, ir)]];
      } catch (error) {
        if (error instanceof NoSample) return [];
        throw error;
      }
    }),
  );
}
