import { afterEach, describe, expect, it } from "vitest";
import type { ConnectorError, Page } from "../../../runtime/index.ts";
import { type Handler, json, pages, type Routes, sequence, status } from "../../../runtime/testing/index.ts";
import { descriptor, indent, type Line, type LineOptions, line, operation } from "../../support/line.ts";

let open: Line[] = [];
const start = async (
  pagination: string,
  routes: Routes,
  extra = "",
  options?: LineOptions,
): Promise<Line> => {
  const made = await line(
    operation(
      `endpoint: /items\nresponse: { records_path: $.items }\n${extra}\npagination:\n${indent(pagination, 2)}`,
    ),
    routes,
    options,
  );
  open.push(made);
  return made;
};
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

const numbers = Array.from({ length: 25 }, (_, id) => ({ id }));
const ids = async (records: AsyncIterable<unknown>): Promise<unknown[]> => {
  const all: unknown[] = [];
  for await (const record of records) all.push((record as { id: unknown }).id);
  return all;
};
const every = numbers.map(({ id }) => id);
const routes = (handler: Handler): Routes => ({ "GET /items": handler });
const failure = async (
  reading: AsyncIterable<unknown>,
): Promise<{ records: unknown[]; error: ConnectorError }> => {
  const records: unknown[] = [];
  try {
    for await (const record of reading) records.push(record);
  } catch (error) {
    return { records, error: error as ConnectorError };
  }
  throw new Error("nothing failed");
};

describe("paging reads every record once", () => {
  it.each([
    [
      "cursor in the body",
      "type: cursor\ncursor_path: $.next\ncursor_param: cursor\nlimit_param: limit\npage_size: 10",
      { kind: "cursor" },
    ],
    [
      "a next URL in the body",
      "type: cursor\nnext_url_path: $.next\nlimit_param: limit\npage_size: 10",
      { kind: "next_url" },
    ],
    ["a Link header", "type: link_header\nlimit_param: limit\npage_size: 10", { kind: "link" }],
    [
      "offset and short page",
      "type: offset\noffset_param: offset\nlimit_param: limit\npage_size: 10",
      { kind: "offset" },
    ],
    [
      "offset and total",
      "type: offset\noffset_param: offset\nlimit_param: limit\npage_size: 5\ntotal_path: $.total",
      { kind: "offset", total: true },
    ],
    ["page numbers", "type: page\npage_param: page\nlimit_param: limit\npage_size: 10", { kind: "page" }],
    [
      "page numbers and total",
      "type: page\npage_param: page\nlimit_param: limit\npage_size: 5\ntotal_path: $.total",
      { kind: "page", total: true },
    ],
  ] as const)("by %s", async (_, pagination, served) => {
    const { connection, server } = await start(pagination, routes(pages(numbers, served)));
    expect(await ids(connection.records("op"))).toEqual(every);
    expect(server.requests.length).toBe("total" in served ? 5 : 3);
  });

  it("resumes from the cursor of any page, of every kind", async () => {
    for (const [pagination, kind] of [
      ["type: cursor\ncursor_path: $.next\ncursor_param: cursor", "cursor"],
      ["type: cursor\nnext_url_path: $.next", "next_url"],
      ["type: link_header", "link"],
      ["type: offset\noffset_param: offset", "offset"],
      ["type: page\npage_param: page", "page"],
    ] as const) {
      const { connection } = await start(pagination, routes(pages(numbers, { kind })));
      const first = (await connection.pages("op").next()).value as Page;
      expect(first).toMatchObject({ records: numbers.slice(0, 10), status: 200 });
      expect(await ids(connection.records("op", {}, { cursor: first.cursor ?? "" }))).toEqual(
        every.slice(10),
      );
    }
  });

  it("serves an operation without paging as one page", async () => {
    const made = await line(operation("endpoint: /x"), { "GET /x": json({ id: 7 }) });
    open.push(made);
    expect(await ids(made.connection.records("op"))).toEqual([7]);
  });
});

describe("a page", () => {
  it("tells where its own answer departs from the response schema", async () => {
    const { connection } = await start(
      "type: page\npage_param: page",
      routes(sequence(json({ items: [{ id: 1 }] }), json({ items: [{ id: "two" }] }), json({ items: [] }))),
      "response_schema: { type: object, properties: { items: { type: array, items: { properties: { id: { type: integer } } } } } }",
    );
    const told: unknown[] = [];
    for await (const { warnings } of connection.pages("op")) told.push(warnings.map(({ path }) => path));
    expect(told).toEqual([[], ["/items/0/id"], []]);
  });
});

describe("paging ends", () => {
  it("in `truncated` with a cursor after the last record, at max_pages and at maxPages", async () => {
    const { connection } = await start(
      "type: page\npage_param: page\nmax_pages: 2",
      routes(pages(numbers, { kind: "page" })),
    );
    const declared = await failure(connection.records("op"));
    expect(declared.records).toHaveLength(20);
    expect(declared.error).toMatchObject({
      code: "truncated",
      phase: "pagination",
      connector: "test-api",
      operation: "op",
    });
    expect(await ids(connection.records("op", {}, { cursor: declared.error.cursor ?? "" }))).toEqual(
      every.slice(20),
    );
    const asked = await failure(connection.records("op", {}, { maxPages: 1 }));
    expect(asked).toMatchObject({ records: { length: 10 }, error: { code: "truncated" } });
  });

  it("in an error when a cursor comes again", async () => {
    const { connection, server } = await start(
      "type: cursor\ncursor_path: $.next\ncursor_param: cursor",
      routes(() => json({ items: [1], next: "same" })),
    );
    const { error } = await failure(connection.records("op"));
    expect(error).toMatchObject({ code: "pagination_loop", cursor: expect.any(String) });
    expect(server.requests).toHaveLength(2);
  });

  it("not on short or empty pages of a cursor, unless the descriptor says so", async () => {
    const served = sequence(
      json({ items: [{ id: 1 }], next: "a" }),
      json({ items: [], next: "b" }),
      json({ items: [{ id: 2 }], next: null }),
    );
    const { connection } = await start(
      "type: cursor\ncursor_path: $.next\ncursor_param: cursor\nlimit_param: limit\npage_size: 10",
      routes(served),
    );
    expect(await ids(connection.records("op"))).toEqual([1, 2]);
    const short = await start(
      "type: cursor\ncursor_path: $.next\ncursor_param: cursor\nlimit_param: limit\npage_size: 10\nstop_on_short_page: true",
      routes(() => json({ items: [{ id: 1 }], next: "a" })),
    );
    expect(await ids(short.connection.records("op"))).toEqual([1]);
  });

  it("where has_more is false and where stop_when matches", async () => {
    const more = await start(
      "type: page\npage_param: page\nhas_more_path: $.more",
      routes(sequence(json({ items: [{ id: 1 }], more: true }), json({ items: [{ id: 2 }], more: false }))),
    );
    expect(await ids(more.connection.records("op"))).toEqual([1, 2]);
    const stop = await start(
      "type: cursor\ncursor_path: $.next\ncursor_param: c\nstop_when: { json: { path: $.done, equals: true } }",
      routes(
        sequence(json({ items: [{ id: 1 }], next: 1 }), json({ items: [{ id: 2 }], next: 2, done: true })),
      ),
    );
    expect(await ids(stop.connection.records("op"))).toEqual([1, 2]);
  });

  it("in pagination_inconsistent when a record comes twice by its primary key", async () => {
    const { connection } = await start(
      "type: page\npage_param: page\nprimary_key: [id]",
      routes(sequence(json({ items: [{ id: 1 }, { id: 2 }] }), json({ items: [{ id: 2 }] }))),
    );
    const { records, error } = await failure(connection.records("op"));
    expect(records).toEqual([{ id: 1 }, { id: 2 }]);
    expect(error).toMatchObject({ code: "pagination_inconsistent", cursor: expect.any(String) });
  });

  it("in destination_blocked when the next page is elsewhere", async () => {
    const { connection } = await start(
      "type: cursor\nnext_url_path: $.next",
      routes(() => json({ items: [1], next: "https://evil.example/items?page=2" })),
    );
    expect((await failure(connection.records("op"))).error).toMatchObject({ code: "destination_blocked" });
  });

  it("with the cursor of the page that failed", async () => {
    const handler: Handler = ({ query }) =>
      query.get("page") === "2" ? status(404) : json({ items: [{ id: 1 }] });
    const { connection, server } = await start("type: page\npage_param: page", routes(handler));
    const { error } = await failure(connection.records("op"));
    expect(error).toMatchObject({ code: "upstream_error", status: 404 });
    server.reply(routes(({ query }) => json({ items: query.get("page") === "2" ? [{ id: 2 }] : [] })));
    expect(await ids(connection.records("op", {}, { cursor: error.cursor ?? "" }))).toEqual([2]);
  });
});

describe("paging asks", () => {
  it("for the caller's page size, else the descriptor's, and keeps the other parameters", async () => {
    const extra =
      "parameters:\n  - { name: q, location: query }\n  - { name: per, location: query, field_type: integer, default_value: 3 }";
    const { connection, server } = await start(
      "type: offset\noffset_param: offset\nlimit_param: per\npage_size: 10",
      routes(pages(numbers, { kind: "offset", limitParam: "per" })),
      extra,
    );
    await ids(connection.records("op", { q: "a b" }));
    expect(server.requests.map(({ target }) => target)).toEqual([
      "/items?q=a%20b&per=10&offset=0",
      "/items?q=a%20b&per=10&offset=10",
      "/items?q=a%20b&per=10&offset=20",
    ]);
    await ids(connection.records("op", { per: 20 }));
    expect(server.requests.slice(3).map(({ target }) => target)).toEqual([
      "/items?per=20&offset=0",
      "/items?per=20&offset=20",
    ]);
  });

  it("with one call for the same as with its first page, unless the caller says otherwise", async () => {
    const extra =
      "parameters:\n  - { name: offset, location: query, field_type: integer }\n  - { name: per, location: query, field_type: integer, default_value: 3 }";
    const { connection, server } = await start(
      "type: offset\noffset_param: offset\nlimit_param: per\npage_size: 10",
      routes(pages(numbers, { kind: "offset", limitParam: "per" })),
      extra,
    );
    await connection.pages("op").next();
    await connection.call("op");
    await connection.call("op", { per: 20, offset: 5 });
    expect(server.requests.map(({ target }) => target)).toEqual([
      "/items?offset=0&per=10",
      "/items?offset=0&per=10",
      "/items?offset=5&per=20",
    ]);
  });

  it("with one call for the page size that is a wire name, in query or body", async () => {
    const made = await line(
      operation(`
endpoint: /search
method: POST
response: { records_path: $.items }
parameters: [{ name: q, location: body }]
pagination: { type: cursor, cursor_path: $.next, cursor_param: page.token, cursor_location: body, limit_param: page.size, page_size: 7 }`),
      { "POST /search": ({ json: body }) => json({ items: [body] }) },
    );
    open.push(made);
    expect((await made.connection.call("op", { q: "x" })).data).toEqual(
      (await made.connection.pages("op", { q: "x" }).next()).value?.data,
    );
    expect(JSON.parse(made.server.requests[0]?.body.toString() ?? "")).toMatchObject({ q: "x" });
    const { connection, server } = await start(
      "type: link_header\nlimit_param: limit\npage_size: 10",
      routes(pages(numbers, { kind: "link" })),
    );
    await connection.call("op");
    expect(server.requests[0]?.target).toBe("/items?limit=10");
  });

  it("by body and header where the descriptor puts the cursor there", async () => {
    const handler: Handler = (request) =>
      json({
        items: [{ id: request.json }],
        next: (request.json as { page?: { token?: string } }).page?.token === undefined ? "n1" : null,
      });
    const made = await line(
      operation(`
endpoint: /search
method: POST
response: { records_path: $.items }
parameters: [{ name: q, location: body }]
pagination: { type: cursor, cursor_path: $.next, cursor_param: page.token, cursor_location: body }`),
      { "POST /search": handler },
    );
    open.push(made);
    expect(await ids(made.connection.records("op", { q: "x" }))).toEqual([
      { q: "x" },
      { q: "x", page: { token: "n1" } },
    ]);
  });

  it("refuses a cursor that is none of this operation", async () => {
    const { connection } = await start(
      "type: link_header",
      routes(() => json({ items: [] })),
    );
    expect((await failure(connection.records("op", {}, { cursor: "garbage" }))).error).toMatchObject({
      code: "invalid_parameters",
      details: { parameter: "cursor" },
    });
  });

  it("page by page: a slow reader slows the requests", async () => {
    const { connection, server } = await start(
      "type: page\npage_param: page",
      routes(pages(numbers, { kind: "page" })),
    );
    const reader = connection.pages("op");
    await reader.next();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(server.requests).toHaveLength(1);
    await reader.return();
  });
});

describe("a next URL that repeats the credential", () => {
  it("leaves it out of the cursor, and the request carries it once", async () => {
    const yaml = descriptor(
      `operations:
  - { operation_id: op, summary: One, endpoint: /items, auth_type_ref: api_key, response: { records_path: $.items }, pagination: { type: cursor, next_url_path: $.next } }`,
      '  - type: api_key\n    fields: [{ key: key, label: Key, secret: true }]\n    auth_query: { api_key: "{key}" }',
    );
    const made = await line(
      yaml,
      routes(sequence(json({ items: [1], next: "/items?api_key=canary-key&page=2" }), json({ items: [2] }))),
      { connect: { credentials: { key: "canary-key" } } },
    );
    open.push(made);
    const reader = made.connection.pages("op");
    const { cursor } = (await reader.next()).value as Page;
    expect(Buffer.from(cursor ?? "", "base64url").toString()).not.toContain("canary");
    await reader.next();
    expect(made.server.requests.map(({ target }) => target)).toEqual([
      "/items?api_key=canary-key",
      "/items?page=2&api_key=canary-key",
    ]);
  });
});

describe("paging refuses", () => {
  it("a next URL that leads back to the first page, before that page is read again", async () => {
    const { connection, server } = await start(
      "type: cursor\nnext_url_path: $.next",
      routes(() => json({ items: [{ id: 1 }], next: "/items" })),
    );
    const { records, error } = await failure(connection.records("op"));
    expect(records).toEqual([{ id: 1 }]);
    expect(error).toMatchObject({ code: "pagination_loop" });
    expect(server.requests.length).toBe(1);
  });

  it("a next URL that is a number", async () => {
    const { connection } = await start(
      "type: cursor\nnext_url_path: $.next",
      routes(() => json({ items: [], next: 5 })),
    );
    expect((await failure(connection.records("op"))).error).toMatchObject({ code: "response_invalid" });
  });

  it("a cursor that would add a header", async () => {
    const { connection, server } = await start(
      "type: cursor\ncursor_path: $.next\ncursor_param: x-cursor\ncursor_location: header",
      routes(() => json({ items: [{ id: 1 }], next: "a\r\nx-admin: 1" })),
    );
    const { records, error } = await failure(connection.records("op"));
    expect(records).toHaveLength(1);
    expect(error).toMatchObject({ code: "response_invalid", phase: "pagination" });
    expect(server.requests.length).toBe(1);
  });
});

describe("a next URL", () => {
  it("has the secrets of its own request taken out for the cursor, and put in anew for the next request", async () => {
    const yaml = descriptor(
      `operations:
  - operation_id: op
    endpoint: /items
    summary: A key in the query
    auth_type_ref: api_key
    query: { key: "{k}" }
    response: { records_path: $.items }
    pagination: { type: cursor, next_url_path: $.next }`,
      "  - { type: api_key, fields: [{ key: k, label: k, secret: true }], auth_headers: { X-App: a } }",
    );
    const made = await line(
      yaml,
      routes(({ query }) =>
        json({ items: [query.get("key")], next: query.has("p") ? null : `?key=${query.get("key")}&p=2` }),
      ),
      { connect: { credentials: { k: "sekret-1" } } },
    );
    open.push(made);
    const read: Page[] = [];
    for await (const page of made.connection.pages("op")) read.push(page);
    expect(read.map(({ records }) => records)).toEqual([["sekret-1"], ["sekret-1"]]);
    expect(Buffer.from(read[0]?.cursor ?? "", "base64url").toString()).not.toContain("sekret");
    expect(made.server.requests.at(-1)?.target).toBe("/items?p=2&key=sekret-1");
  });

  it("is known as its own origin's however that was written", async () => {
    const { ir, runtime, server } = await start(
      "type: cursor\nnext_url_path: $.next",
      routes(({ query }) => json({ items: [{ id: 1 }], next: query.has("p") ? null : "?p=2" })),
    );
    const connection = runtime.connect(ir, { config: { base_url: `http://2130706433:${server.port}` } });
    expect(await ids(connection.records("op"))).toEqual([1, 1]);
  });
});
