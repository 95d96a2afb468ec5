/** Clients of imported documents send what the interpreter sends, operation by operation, and compile. */
import { describe, expect, it } from "vitest";
import { createLoopbackTransport } from "../../../../cli/demo/loopback-transport.ts";
import type { OutputFile } from "../../../../compiler/emit/output.ts";
import { createClientModel } from "../../../../compiler/emit/typescript/client-model.ts";
import { emitTypeScript } from "../../../../compiler/emit/typescript/index.ts";
import { loadCore } from "../../../../compiler/emit/typescript/standalone/core.ts";
import { emitStandalone } from "../../../../compiler/emit/typescript/standalone/index.ts";
import { systemClock } from "../../../../runtime/clock.ts";
import { createRuntime } from "../../../../runtime/index.ts";
import { startServer } from "../../../../runtime/testing/index.ts";
import type { Connector, Parameter } from "../../../../schema/ir.ts";
import { noChance } from "../../../descriptors/shipped.ts";
import {
  compileImported,
  connectOptions,
  corpusDocument,
  importFile,
} from "../../import/openapi/imported.ts";
import { NoSample, sampleParameter } from "../../import/openapi/sample.ts";
import { loadClient } from "../support/load-client.ts";
import { typeErrors } from "../support/type-check.ts";
import { typeErrorsOfSeven } from "../support/type-check-seven.ts";
import { wire } from "./wire.ts";

const documents = [
  "adyen-checkout.yaml",
  "dub.yaml",
  "figma.yaml",
  "notion.json",
  "paypal-orders.json",
  "sendgrid-mail.json",
  "twilio-messaging.json",
  "vonage-verify.yaml",
].filter((file) => corpusDocument(file) !== undefined);

interface Built {
  readonly ir: Connector;
  readonly modes: readonly (readonly OutputFile[])[];
}

type Client = { close(): Promise<void> } & { [method: string]: (params: object) => Promise<unknown> };
type Factory = (options: object, world: object) => Client;

describe.runIf(documents.length > 0)("clients of imported documents", () => {
  const core = loadCore();
  const all = new Map(documents.map((file) => [file, built(file)]));

  it.each(documents)("%s: send what the interpreter sends", async (file) => {
    const { ir, modes } = (await all.get(file)) as Built;
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
    // The generated modules' own types are checked below.
    const factories = await Promise.all(
      modes.map(async (files) => (await loadClient(files))[model.factory] as Factory),
    );
    let compared = 0;
    try {
      for (const { operation, method } of model.operations) {
        const params = valuesFor(operation.parameters, ir);
        const options = connectOptions(ir, operation.auth[0]?.profile);
        const expected = await sent(() => runtime.connect(ir, options).call(operation.id, { ...params }));
        // Some samples fit no schema of their own document, which the interpreter refuses; a client by itself does not look.
        if (expected.length === 0) continue;
        for (const [at, create] of factories.entries()) {
          const client = create(options, { random: noChance, ...worlds[at] });
          const found = await sent(async () => client[method]?.({ ...params }));
          expect(found, `${operation.id}, ${["runtime", "standalone"][at]}`).toEqual(expected);
          await client.close();
        }
        compared++;
      }
    } finally {
      await runtime.close();
      await transport.close(0);
      await server.close();
    }
    expect(compared).toBeGreaterThan(model.operations.length * 0.7);
  });

  it("compile under the strictest flags of TypeScript 5.9 and 7", async () => {
    const files = (await Promise.all(all.values())).flatMap(({ modes }) =>
      modes.flatMap((some, at) => some.map((file) => ({ ...file, path: `mode${at}/${file.path}` }))),
    );
    expect(typeErrors(files)).toEqual([]);
    expect(await typeErrorsOfSeven(files)).toEqual([]);
  });

  async function built(file: string): Promise<Built> {
    const imported = await importFile(corpusDocument(file) ?? "");
    const ir = (await compileImported(imported)).connectors[0]?.ir;
    if (!ir) throw new Error(`${file} gave no connector`);
    return { ir, modes: [await emitTypeScript(ir), await emitStandalone(ir, core)] };
  }
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
