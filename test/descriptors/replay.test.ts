import { afterEach, describe, expect, it } from "vitest";
import type { ReceivedRequest, Reply } from "../../runtime/testing/index.ts";
import { exchangesOf, type Played, play, type RecordedExchange, shipped } from "./shipped.ts";

let open: Played | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

/** Exchanges of one call: files `NAME.1`, `NAME.2` … are its pages. */
function calls(connector: string): [name: string, exchanges: RecordedExchange[]][] {
  const found = new Map<string, RecordedExchange[]>();
  for (const [file, exchange] of exchangesOf(connector)) {
    if (exchange.operation === undefined) continue;
    const name = file.replace(/\.\d+$/, "");
    found.set(name, [...(found.get(name) ?? []), exchange]);
  }
  return [...found];
}

describe.each(shipped)("%s", (connector) => {
  const steps = [...exchangesOf(connector).values()].filter(({ step }) => step !== undefined);

  it.each(calls(connector))(
    "%s goes out as recorded and comes back as recorded",
    async (_name, exchanges) => {
      const [first] = exchanges;
      if (!first?.operation) throw new Error("nothing recorded");
      const expected = [...steps, ...exchanges];
      open = await play(connector, { "* /*": (request) => replyOf(expected[request.number - 1]) });
      const { connection, server } = open;

      if (first.records === undefined) {
        const { data, status, warnings } = await connection.call(first.operation, first.params);
        expect({ data, status, warnings }).toEqual({
          data: first.response.value ?? first.response.body ?? null,
          status: first.response.status,
          warnings: [],
        });
      } else {
        const records: unknown[] = [];
        for await (const record of connection.records(first.operation, first.params)) records.push(record);
        expect(records).toEqual(exchanges.flatMap(recordsOf));
        expect(records.length).toBeGreaterThan(0);
      }

      expect(server.requests.map((request, index) => seen(request, expected[index]))).toEqual(
        expected.map(({ request }) => ({ ...request, headers: expect.objectContaining(request.headers) })),
      );
    },
  );

  it("sends no credential of the recording to anywhere but into headers", async () => {
    for (const { request } of exchangesOf(connector).values())
      expect(JSON.stringify([request.path, request.query])).not.toMatch(
        /example-(token|password|secret)|bearer-example|sk_test|wJalrXUtnFEMI/,
      );
  });
});

function replyOf(exchange: RecordedExchange | undefined): Reply {
  if (!exchange) return { status: 500, text: "one request too many" };
  const { status, headers, body, text } = exchange.response;
  if (text !== undefined) return { status, headers, text };
  return body === undefined ? { status, headers } : { status, headers, json: body };
}

function seen(
  { method, path, target, query, headers, json, text }: ReceivedRequest,
  expected: RecordedExchange | undefined,
): object {
  const names = [...new Set(query.keys())];
  return {
    method,
    path,
    headers,
    query: Object.fromEntries(names.map((name) => [name, query.getAll(name)])),
    ...(expected?.request.target === undefined ? {} : { target }),
    ...(expected?.request.text !== undefined ? { text } : json === undefined ? {} : { body: json }),
  };
}

function recordsOf({ records = "", response }: RecordedExchange): unknown[] {
  let at: unknown = response.value ?? response.body;
  for (const key of records.split(".").filter(Boolean)) at = Reflect.get(Object(at), key);
  return Array.isArray(at) ? at : at === undefined ? [] : [at];
}
