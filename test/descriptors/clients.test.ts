import { afterEach, describe, expect, it } from "vitest";
import { createClientModel } from "../../compiler/emit/typescript/client-model.ts";
import { emitTypeScript } from "../../compiler/emit/typescript/index.ts";
import type { ReceivedRequest, Reply } from "../../runtime/testing/index.ts";
import { loadClient } from "../compiler/emit/support/load-client.ts";
import { typeErrors } from "../compiler/emit/support/type-check.ts";
import { exchangesOf, type Played, play, type RecordedExchange, shipped, shippedIr } from "./shipped.ts";

let open: Played | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

/** A method of a generated client, as far as this test uses it. */
type Method = (parameters?: object) => Promise<unknown> & AsyncIterable<unknown>;
type ClientClass = new (
  connection: Played["connection"],
  close: () => Promise<void>,
) => Record<string, Method>;

/** Exchanges of one call: files `NAME.1`, `NAME.2` … are its pages. */
function callsOf(connector: string): [name: string, exchanges: RecordedExchange[]][] {
  const found = new Map<string, RecordedExchange[]>();
  for (const [file, exchange] of exchangesOf(connector)) {
    if (exchange.operation === undefined) continue;
    const name = file.replace(/\.\d+$/, "");
    found.set(name, [...(found.get(name) ?? []), exchange]);
  }
  return [...found];
}

describe.each(shipped)("the client of %s", (connector) => {
  const steps = [...exchangesOf(connector).values()].filter(({ step }) => step !== undefined);
  const emitted = shippedIr(connector).then(emitTypeScript);
  const loaded = emitted.then(loadClient);

  it("compiles under the strictest flags", async () => {
    expect(typeErrors(await emitted)).toEqual([]);
  });

  it.each(callsOf(connector))(
    "sends %s as the interpreter does, and answers the same",
    async (_, exchanges) => {
      const [first] = exchanges;
      if (!first?.operation) throw new Error("nothing recorded");
      const { operation, params, records } = first;
      const expected = [...steps, ...exchanges];
      const run = async (call: (played: Played) => Promise<unknown>): Promise<object> => {
        open = await play(connector, { "* /*": (request) => replyOf(expected[request.number - 1]) });
        const answer = await call(open);
        const requests = open.server.requests.map(wire);
        await open.close();
        open = undefined;
        return { answer, requests };
      };
      const model = createClientModel(await shippedIr(connector));
      const named = model.operations.find((one) => one.operation.id === operation);
      // The generated module's own types are checked above.
      const Client = (await loaded)[model.client] as ClientClass;
      const byClient = await run(async ({ connection }) => {
        const client = new Client(connection, async () => {});
        const call = client[named?.method ?? ""]?.(params);
        if (!call) throw new Error(`no method for ${operation}`);
        return records === undefined ? await call : await all(call);
      });
      const byInterpreter = await run(async ({ connection }) =>
        records === undefined
          ? (await connection.call(operation, params)).data
          : await all(connection.records(operation, params)),
      );
      expect(byInterpreter).toMatchObject({ requests: expect.arrayContaining([expect.anything()]) });
      expect(byClient).toEqual(byInterpreter);
    },
  );
});

async function all(items: AsyncIterable<unknown>): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** All of a request that the descriptor decides, which is all but its host: each server has a port of its own. */
function wire({ method, target, headers, body }: ReceivedRequest): object {
  const { host: _, ...others } = headers;
  return { method, target, headers: others, body: body.toString() };
}

function replyOf(exchange: RecordedExchange | undefined): Reply {
  if (!exchange) return { status: 500, text: "one request too many" };
  const { status, headers, body, text } = exchange.response;
  if (text !== undefined) return { status, headers, text };
  return body === undefined ? { status, headers } : { status, headers, json: body };
}
