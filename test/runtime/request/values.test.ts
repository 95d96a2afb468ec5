import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConnectorError, createRuntime } from "../../../runtime/index.ts";
import { json, type ReceivedRequest } from "../../../runtime/testing/index.ts";
import { type Line, line, operation } from "../../support/line.ts";
import { suiteJson } from "../response/corpus.ts";

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

/** Operation by place; each gives back what the server understood, or undefined where it was not sent that way. */
const places: {
  readonly [place: string]: {
    readonly fields: string;
    readonly heard: (request: ReceivedRequest) => unknown;
    readonly refuses: RegExp;
  };
} = {
  path: {
    fields: "endpoint: /a/{v}/z\nparameters: [{ name: v, location: path, required: true }]",
    heard: ({ path }) => {
      const segments = new URL(path, "http://h").pathname.split("/");
      return segments.length === 4 && segments[1] === "a" && segments[3] === "z"
        ? decodeURIComponent(segments[2] ?? "")
        : undefined;
    },
    refuses: /^\.{0,2}$|\p{Cs}/u,
  },
  query: {
    fields: "endpoint: /q\nparameters: [{ name: v, location: query }]",
    heard: ({ query }) => ([...query.keys()].join() === "v" ? query.get("v") : undefined),
    refuses: /\p{Cs}/u,
  },
  header: {
    fields: "endpoint: /h\nparameters: [{ name: v, location: header, wire_name: X-V }]",
    heard: ({ rawHeaders }) => {
      const found = rawHeaders.filter(([name]) => name.toLowerCase() === "x-v");
      return found.length === 1 && rawHeaders.every(([name]) => name.toLowerCase() !== "x-evil")
        ? found[0]?.[1]
        : undefined;
    },
    refuses: /[^\t\x20-\x7e\x80-\xff]|^[\t ]|[\t ]$/,
  },
  "JSON body": {
    fields: "endpoint: /j\nmethod: POST\nparameters: [{ name: v, location: body }]",
    heard: ({ json: body }) =>
      Object.keys(body as object).join() === "v" ? (body as { v: unknown }).v : undefined,
    refuses: /(?!)/,
  },
  "form body": {
    fields: "endpoint: /f\nmethod: POST\ncontent_type: form\nparameters: [{ name: v, location: body }]",
    heard: ({ form }) => ([...form.keys()].join() === "v" ? form.get("v") : undefined),
    refuses: /\p{Cs}/u,
  },
};

describe.each(Object.entries(places))("in a %s", (_, { fields, heard, refuses }) => {
  let made: Line;
  beforeAll(async () => {
    made = await line(operation(fields), { "* /*": json(1) });
  });
  afterAll(() => made.close());

  it(`each of ${values.length} values arrives as itself or is refused by name, and changes nothing else`, async () => {
    for (const value of values) {
      const before = made.server.requests.length;
      try {
        await made.connection.call("op", { v: value });
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
      expect(request && heard(request), JSON.stringify(value)).toBe(value);
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
