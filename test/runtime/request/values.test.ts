import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConnectorError, createRuntime } from "../../../runtime/index.ts";
import { json, type ReceivedRequest } from "../../../runtime/testing/index.ts";
import { type Line, line, operation } from "../../support/line.ts";
import { sampled } from "../../support/sample.ts";
import { suiteJson } from "../response/corpus.ts";
import { cookiePlaces } from "./places/cookie-places.ts";
import { formPlaces } from "./places/form-places.ts";
import type { Places } from "./places/place.ts";
import { plainPlaces } from "./places/plain-places.ts";
import { styledPlaces } from "./places/styled-places.ts";
import { writtenPlaces } from "./places/written-places.ts";

const read = <T>(path: string): readonly T[] => (suiteJson(path) as T[] | undefined) ?? [];

const own = [
  "..",
  ".",
  "",
  "a/b",
  "a\\b",
  "a&b=c",
  "\r\nX: 1",
  "\0",
  "\ud800",
  '"',
  "{x}",
  "%2e%2e",
  "☃",
  "' OR 1=1",
  "a;b",
  "a,b",
  "]]>",
  "\u2028",
];
const values = [
  ...new Set([
    ...own,
    ...read<{ value: string }>("injection/param-values.json").map(({ value }) => value),
    ...read<string>("blns/blns.json"),
  ]),
].filter(
  // Longer ones are refused by servers for their length alone.
  (value) => value.length < 4_000,
);

const places: Places = {
  ...plainPlaces,
  ...styledPlaces(),
  ...cookiePlaces,
  ...formPlaces,
  ...writtenPlaces(),
};

/** The request as it was written, but for what depends on the value's length and on chance. */
function wireOf({ method, target, rawHeaders, text }: ReceivedRequest): string {
  const head = rawHeaders.filter(([name]) => name !== "content-length").map((pair) => pair.join(": "));
  const written = [`${method} ${target}`, ...head, "", text].join("\r\n");
  const boundary = /boundary="?([^\s";]+)/.exec(head.join("\n"))?.[1];
  return boundary === undefined ? written : written.replaceAll(boundary, "B");
}

const tried = Object.entries(places).map(
  ([name, place], turn) => [name, place, sampled(values, 4, turn)] as const,
);

describe.each(tried)("in a %s", (_, { fields, given, heard, refuses, ends }, values) => {
  let made: Line;
  beforeAll(async () => {
    made = await line(operation(fields), { "* /*": json(1) });
  });
  afterAll(() => made.close());

  /** What stands around a value that is plain. */
  async function surroundings(): Promise<readonly [string, string]> {
    await made.connection.call("op", { v: given?.("plain7") ?? "plain7" });
    const request = made.server.requests.at(-1);
    const [before, after, ...more] = request ? wireOf(request).split("plain7") : [];
    if (before === undefined || after === undefined || more.length > 0) throw new Error("not there once");
    return [before, after];
  }

  it(`each of ${values.length} values arrives as itself or is refused by name, and changes nothing else`, async () => {
    const [opening, closing] = await surroundings();
    for (const value of values) {
      const before = made.server.requests.length;
      try {
        await made.connection.call("op", { v: given ? given(value) : value });
      } catch (thrown) {
        expect(
          ConnectorError.is(thrown) && thrown.details,
          `refusal of ${JSON.stringify(value)}`,
        ).toMatchObject({ parameter: "v" });
        expect(value).toMatch(refuses);
        expect(made.server.requests.length).toBe(before);
        continue;
      }
      const [request] = made.server.requests.slice(before);
      const name = JSON.stringify(value);
      expect(request && heard(request, value), name).toBe(value);
      const wire = request ? wireOf(request) : "";
      expect([wire.startsWith(opening), wire.endsWith(closing)], name).toEqual([true, true]);
      expect(wire.slice(opening.length, wire.length - closing.length), name).not.toMatch(ends);
    }
  });
});

describe("in a host", () => {
  const hosts = [
    ...own,
    ...read<{ position: string; value: string }>("injection/param-values.json").flatMap(
      ({ position, value }) => (position.startsWith("host") ? [value] : []),
    ),
  ];

  it.each(hosts.map((value) => [value]))("%j stays one label or is refused", async (value) => {
    const made = await line(
      `
metadata: { name: Shops, slug: shops, description: A shop's own host., publisher: Tests }
connection_config: [{ key: shop, label: Shop }]
authentication: [{ type: none }]
operations: [{ operation_id: op, summary: One, endpoint: "https://{shop}.example.com/x", auth_type_ref: none }]`,
      {},
      { connect: { config: { shop: value } } },
    );
    try {
      const sent: string[] = [];
      const { transport } = recording(sent);
      const runtime = createRuntime({ transport });
      const outcome = await runtime
        .connect(made.ir, { config: { shop: value } })
        .attempt("op", {}, { timeoutMs: 1000 });
      expect(outcome.ok).toBe(false);
      if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(value))
        expect(sent).toEqual([`https://${value.toLowerCase()}.example.com`]);
      else {
        expect(outcome).toMatchObject({ error: { code: "configuration", details: { setting: "shop" } } });
        expect(sent).toEqual([]);
      }
      await runtime.close();
    } finally {
      await made.close();
    }
  });
});

/** A transport that notes where it would send, and sends nothing. */
function recording(sent: string[]) {
  const slot = { release: () => {} };
  return {
    transport: {
      send: (
        request: { origin: string },
        sink: { fail(error: { kind: "protocol"; message: string; sent: false }): void },
      ) => {
        sent.push(request.origin);
        queueMicrotask(() => sink.fail({ kind: "protocol", message: "nothing is sent here", sent: false }));
        return () => {};
      },
      slot: () => slot,
      waitForSlot: () => () => {},
      close: () => Promise.resolve(),
      inspect: () => [],
    },
  };
}
