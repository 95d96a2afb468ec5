import { afterEach, describe, expect, it } from "vitest";
import {
  type Handler,
  json,
  sequence,
  startServer,
  status,
  text,
  truncatedChunked,
} from "../../../runtime/testing/index.ts";
import { descriptor, type Line, line } from "../../support/line.ts";
import {
  type Kind,
  kinds,
  pagedLine,
  type ReadToEnd,
  readToEnd,
  type ServedPage,
  serving,
  wordsOf,
} from "../../support/paged.ts";

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

async function start(pagination: string, handler: Handler, extra = ""): Promise<Line> {
  const made = await pagedLine(pagination, handler, extra);
  open.push(made);
  return made;
}

async function read(kind: Kind, pages: readonly ServedPage[], more = ""): Promise<ReadToEnd> {
  const { connection } = await start(wordsOf(kind, more), serving(kind, pages));
  return readToEnd(connection.records("op"));
}

const chained: readonly Kind[] = ["cursor_path", "cursor_header", "next_url_path", "link_header"];
const counted: readonly Kind[] = ["offset", "page"];

const items = (...pages: unknown[][]): ServedPage[] => pages.map((page) => ({ items: page }));
const withMore = (pages: readonly ServedPage[]): ServedPage[] =>
  pages.map((page, index) => ({ ...page, more: index + 1 < pages.length }));
const withTotal = (total: number, pages: readonly ServedPage[]): ServedPage[] =>
  pages.map((page) => ({ total, ...page }));
const inconsistent = { code: "pagination_inconsistent", retryable: true, cursor: expect.any(String) };

describe("a short page midway", () => {
  const pages = items([1, 2], [3], [4, 5]);
  it.each(kinds)("ends nothing where has_more_path says that there are more: %s", async (kind) => {
    const got = await read(kind, withMore(pages), ", has_more_path: $.more");
    expect(got).toEqual({ records: [1, 2, 3, 4, 5], error: undefined });
  });
  it.each(kinds)("ends nothing with stop_on_short_page: false: %s", async (kind) => {
    const got = await read(kind, pages, ", stop_on_short_page: false");
    expect(got).toEqual({ records: [1, 2, 3, 4, 5], error: undefined });
  });
  it.each(counted)("ends nothing where total_path says that records are left: %s", async (kind) => {
    const got = await read(kind, withTotal(5, pages), ", total_path: $.total");
    expect(got).toEqual({ records: [1, 2, 3, 4, 5], error: undefined });
  });
  it.each(chained)("ends nothing: %s", async (kind) => {
    expect(await read(kind, pages)).toEqual({ records: [1, 2, 3, 4, 5], error: undefined });
  });
  it.each(counted)("is the last page where nothing else tells: %s", async (kind) => {
    expect(await read(kind, pages)).toEqual({ records: [1, 2, 3], error: undefined });
  });
});

describe("an empty page midway", () => {
  const pages = items([1, 2], [], [3]);
  it.each(chained)("ends nothing: %s", async (kind) => {
    expect(await read(kind, pages)).toEqual({ records: [1, 2, 3], error: undefined });
    const more = await read(kind, withMore(pages), ", has_more_path: $.more");
    expect(more).toEqual({ records: [1, 2, 3], error: undefined });
  });
  it("ends nothing where pages are numbered and has_more_path says that there are more", async () => {
    const got = await read("page", withMore(pages), ", has_more_path: $.more");
    expect(got).toEqual({ records: [1, 2, 3], error: undefined });
  });
  it("is no silent end where has_more_path says that there are more, and nothing how far to skip", async () => {
    const got = await read("offset", withMore(pages), ", has_more_path: $.more");
    expect(got).toMatchObject({ records: [1, 2], error: inconsistent });
    expect(got.error?.message).toContain("by `$.more` there are more records, but the page is empty");
  });
  it.each(counted)("is no silent end where by total_path records are left: %s", async (kind) => {
    const got = await read(kind, withTotal(3, pages), ", total_path: $.total");
    expect(got).toMatchObject({ records: [1, 2], error: inconsistent });
    expect(got.error?.message).toContain("by `$.total` there are 3 records, but after 2 of them");
  });
  it("is no silent end of a list by its last record where has_more_path says that there are more", async () => {
    const { connection } = await start(
      "{ type: cursor, cursor_from_record: $, cursor_param: at, has_more_path: $.more }",
      sequence(json({ items: [1], more: true }), json({ items: [], more: true })),
    );
    expect(await readToEnd(connection.records("op"))).toMatchObject({ records: [1], error: inconsistent });
  });
});

describe("has_more_path that is true on a page that leads nowhere", () => {
  it.each(chained)("is no silent end: %s", async (kind) => {
    const got = await read(kind, [{ items: [1], more: true }], ", has_more_path: $.more");
    expect(got).toMatchObject({ records: [], error: inconsistent });
  });
});

describe("has_more_path", () => {
  it.each(["false", "False", "no", "N", "0", " ", 0, null])("says no by %j", async (no) => {
    for (const kind of kinds) {
      const pages = [
        { items: [1, 2], more: "True" },
        { items: [3, 4], more: no },
      ];
      expect(await read(kind, pages, ", has_more_path: $.more")).toEqual({
        records: [1, 2, 3, 4],
        error: undefined,
      });
    }
  });
});

describe("an empty body under 200", () => {
  const broken = (kind: Kind): Handler => {
    const pages = serving(kind, items([1, 2], [3, 4]));
    return (request, server) => (request.query.has("at") ? text("") : pages(request, server));
  };
  it.each(chained)("is no silent end where the page before leads to it: %s", async (kind) => {
    const { connection } = await start(wordsOf(kind), broken(kind));
    expect(await readToEnd(connection.records("op"))).toMatchObject({ records: [1, 2], error: inconsistent });
  });
  it("is the end where a condition of the descriptor says so, and so is 204", async () => {
    const stopping = ", stop_when: { status: 200, header: { name: content-length, equals: '0' } }";
    const stopped = await start(wordsOf("cursor_path", stopping), broken("cursor_path"));
    expect(await readToEnd(stopped.connection.records("op"))).toEqual({ records: [1, 2], error: undefined });
    const none = await start(wordsOf("cursor_path"), ({ query }) =>
      query.has("at") ? status(204) : json({ items: [1], next: "b" }),
    );
    expect(await readToEnd(none.connection.records("op"))).toEqual({ records: [1], error: undefined });
  });
});

describe("a cursor that comes again", () => {
  it.each([
    ["cursor_path", () => json({ items: [1], next: "same" })],
    ["cursor_header", () => ({ json: { items: [1] }, headers: { "x-next": "same" } })],
    ["next_url_path", () => json({ items: [1], next: "?at=same" })],
    ["link_header", () => ({ json: { items: [1] }, headers: { link: "<?at=same>; rel=next" } })],
  ] as const)("is a loop before its page is read again: %s", async (kind, handler) => {
    const { connection, server } = await start(wordsOf(kind), handler);
    expect(await readToEnd(connection.records("op"))).toMatchObject({
      records: [1, 1],
      error: { code: "pagination_loop", cursor: expect.any(String) },
    });
    expect(server.requests).toHaveLength(2);
  });

  it("is a loop also after a long way", async () => {
    const { connection, server } = await start(wordsOf("cursor_path"), ({ query }) =>
      json({ items: [], next: (Number(query.get("at") ?? 0) + 1) % 40 }),
    );
    expect((await readToEnd(connection.records("op"))).error).toMatchObject({ code: "pagination_loop" });
    expect(server.requests.length).toBe(41);
  });

  it("is a loop where the last record leads back", async () => {
    const { connection } = await start(
      "{ type: cursor, cursor_from_record: $, cursor_param: at }",
      ({ query }) => json({ items: [query.get("at") === "b" ? "a" : "b"] }),
    );
    expect((await readToEnd(connection.records("op"))).error).toMatchObject({ code: "pagination_loop" });
  });
});

describe("a cursor of", () => {
  const page = (at: string | null, next: unknown): ReturnType<Handler> =>
    json({ items: [at ?? "first"], next: at === null ? next : null });
  it.each([
    ["0", 0, ["first", "0"]],
    ['"0"', "0", ["first", "0"]],
    ["a negative number", -1, ["first", "-1"]],
    ["blanks and signs", " a&b=c#/é", ["first", " a&b=c#/é"]],
    ['""', "", ["first"]],
    ["null", null, ["first"]],
    ["false", false, ["first"]],
  ])("%s", async (_, next, records) => {
    const { connection } = await start(wordsOf("cursor_path"), ({ query }) => page(query.get("at"), next));
    expect(await readToEnd(connection.records("op"))).toEqual({ records, error: undefined });
  });
  it.each([
    ["true", true],
    ["a map", { a: 1 }],
    ["a list", [1]],
  ])("%s that goes into the query is an error", async (_, next) => {
    const { connection } = await start(wordsOf("cursor_path"), ({ query }) => page(query.get("at"), next));
    expect((await readToEnd(connection.records("op"))).error).toMatchObject({ code: "response_invalid" });
  });
});

describe("a cursor in a header of", () => {
  it.each([
    ["0", ["first", "0"]],
    ["-1", ["first", "-1"]],
    ["", ["first"]],
  ])("%j", async (next, records) => {
    const { connection } = await start(wordsOf("cursor_header"), ({ query }) => {
      const at = query.get("at");
      return { json: { items: [at ?? "first"] }, headers: at === null ? { "x-next": next } : {} };
    });
    expect(await readToEnd(connection.records("op"))).toEqual({ records, error: undefined });
  });
});

describe("a last record that gives the cursor of", () => {
  it.each([
    [0, [0]],
    ["", [""]],
    [null, [null]],
  ])("%j", async (first, records) => {
    const { connection } = await start(
      "{ type: cursor, cursor_from_record: $.id, cursor_param: at }",
      ({ query }) => json({ items: query.get("at") === null ? [{ id: first }] : [] }),
    );
    const got = await readToEnd(connection.records<{ id: unknown }>("op"));
    expect(got.records.map((record) => (record as unknown as { id: unknown }).id)).toEqual(records);
    expect(got.error).toBeUndefined();
  });
});

describe("a server that serves its first page whatever place is asked for", () => {
  it.each(counted)("is found out by the keys, and ends at max_pages without them: %s", async (kind) => {
    const handler = (): ReturnType<Handler> => json({ items: [{ id: 1 }, { id: 2 }] });
    const keyed = await start(wordsOf(kind, ", primary_key: id"), handler);
    expect(await readToEnd(keyed.connection.records("op"))).toMatchObject({
      records: [{ id: 1 }, { id: 2 }],
      error: inconsistent,
    });
    const bare = await start(wordsOf(kind, ", max_pages: 3"), handler);
    const got = await readToEnd(bare.connection.records("op"));
    expect(got).toMatchObject({ error: { code: "truncated", cursor: expect.any(String) } });
    expect(got.records).toHaveLength(6);
    expect(bare.server.requests).toHaveLength(3);
  });
});

describe("a total that changes", () => {
  it.each(counted)("counts as each page says: %s", async (kind) => {
    const total = ", total_path: $.total";
    const grows = [
      { items: [1, 2], total: 3 },
      { items: [3, 4], total: 5 },
      { items: [5], total: 5 },
    ];
    expect(await read(kind, grows, total)).toEqual({ records: [1, 2, 3, 4, 5], error: undefined });
    const shrinks = [
      { items: [1, 2], total: 9 },
      { items: [3], total: 3 },
    ];
    expect(await read(kind, shrinks, total)).toEqual({ records: [1, 2, 3], error: undefined });
    const empties = [
      { items: [1, 2], total: 4 },
      { items: [], total: 2 },
    ];
    expect(await read(kind, empties, total)).toEqual({ records: [1, 2], error: undefined });
    const capped = withMore(withTotal(2, items([1, 2], [3, 4], [5])));
    expect(await read(kind, capped, `${total}, has_more_path: $.more`)).toEqual({
      records: [1, 2, 3, 4, 5],
      error: undefined,
    });
  });
});

describe("a total below 0", () => {
  it.each(counted)("says that nobody has counted: %s", async (kind) => {
    const pages = withTotal(-1, items([1, 2], [3, 4], [5]));
    expect(await read(kind, pages, ", total_path: $.total")).toEqual({
      records: [1, 2, 3, 4, 5],
      error: undefined,
    });
  });
});

describe("a server that puts less on a page than was asked for", () => {
  it.each(counted)("is read to its end by the total: %s", async (kind) => {
    const { connection, server } = await start(
      wordsOf(kind, ", total_path: $.total").replace("page_size: 2", "page_size: 1000"),
      serving(kind, withTotal(5, items([1, 2], [3, 4], [5]))),
    );
    expect(await readToEnd(connection.records("op"))).toEqual({ records: [1, 2, 3, 4, 5], error: undefined });
    expect(server.requests.length).toBe(3);
  });
  it("is read to its end also from a page in the middle", async () => {
    const { connection } = await start(
      "{ type: page, page_param: at, limit_param: limit, page_size: 1000, total_path: $.total }",
      serving("page", withTotal(7, items([1, 2], [3, 4], [5, 6], [7]))),
      "parameters: [{ name: at, location: query, field_type: integer }]",
    );
    expect(await readToEnd(connection.records("op", { at: 2 }))).toEqual({
      records: [3, 4, 5, 6, 7],
      error: undefined,
    });
  });
});

describe("a link to the next page", () => {
  const credentials = { k: "canary-link" };
  const keyed = (paging: string, allowed = ""): string =>
    descriptor(
      `operations:
  - { operation_id: op, summary: One, endpoint: /deep/items, auth_type_ref: api_key, response: { records_path: $.items }, pagination: ${paging} }`,
      `  - { type: api_key, fields: [{ key: k, label: k, secret: true }], auth_headers: { X-Key: "{k}" }${allowed} }`,
    );
  const linking =
    (link: string | ((origin: string) => string), by: "body" | "header"): Handler =>
    ({ target }, { origin }) => {
      const url = typeof link === "string" ? link : link(origin);
      const last = target !== "/deep/items";
      if (by === "body") return json({ items: [target], next: last ? null : url });
      return { json: { items: [target] }, headers: last ? {} : { link: `<${url}>; rel="prev next"` } };
    };
  it.each([
    ["a query alone", "?p=2", "/deep/items?p=2"],
    ["a name", "more?p=2", "/deep/more?p=2"],
    ["a path", "/other/items?p=2", "/other/items?p=2"],
    ["dots", "../up?p=2", "/up?p=2"],
    ["absolute", (origin: string) => `${origin}/abs?p=2`, "/abs?p=2"],
    ["absolute, without its scheme", (origin: string) => `${origin.slice(5)}/abs?p=2`, "/abs?p=2"],
    ["with a fragment", "?p=2#here", "/deep/items?p=2"],
  ] as const)("%s", async (_, link, target) => {
    for (const by of ["body", "header"] as const) {
      const paging = by === "body" ? "{ type: cursor, next_url_path: $.next }" : "{ type: link_header }";
      const made = await line(keyed(paging), { "GET /*": linking(link, by) }, { connect: { credentials } });
      open.push(made);
      expect(await readToEnd(made.connection.records("op"))).toEqual({
        records: ["/deep/items", target],
        error: undefined,
      });
      expect(made.server.requests.map(({ headers }) => headers["x-key"])).toEqual([
        "canary-link",
        "canary-link",
      ]);
    }
  });

  it("to another origin is not followed, and no credential goes there", async () => {
    const foreign = await startServer({ "GET /*": json({ items: ["stolen"] }) });
    try {
      for (const link of [`${foreign.origin}/x`, `//127.0.0.1:${foreign.port}/x`]) {
        for (const by of ["body", "header"] as const) {
          const paging = by === "body" ? "{ type: cursor, next_url_path: $.next }" : "{ type: link_header }";
          const made = await line(
            keyed(paging),
            { "GET /*": linking(link, by) },
            { connect: { credentials }, runtime: { network: { allow: ["127.0.0.0/8"] } } },
          );
          open.push(made);
          const got = await readToEnd(made.connection.records("op"));
          expect(got).toMatchObject({ records: ["/deep/items"], error: { code: "destination_blocked" } });
          // Nor in another reading that goes on there.
          const again = await readToEnd(
            made.connection.records("op", {}, { cursor: got.error?.cursor ?? "" }),
          );
          expect(again).toMatchObject({ records: [], error: { code: "destination_blocked" } });
        }
      }
      expect(foreign.requests).toEqual([]);
    } finally {
      await foreign.close();
    }
  });

  it.each(["javascript:alert(1)", "http://user:pw@127.0.0.1/x", "http://[::/x"])(
    "that is none to a page is an error: %s",
    async (link) => {
      const made = await line(
        keyed("{ type: cursor, next_url_path: $.next }"),
        { "GET /*": linking(link, "body") },
        { connect: { credentials } },
      );
      open.push(made);
      expect((await readToEnd(made.connection.records("op"))).error).toMatchObject({
        code: "response_invalid",
      });
    },
  );
});

describe("a last page that is exactly full", () => {
  it.each(kinds)("is not read twice: %s", async (kind) => {
    expect(await read(kind, items([1, 2], [3, 4]))).toEqual({ records: [1, 2, 3, 4], error: undefined });
  });
  it.each(counted)("needs no further request where the total is known: %s", async (kind) => {
    const { connection, server } = await start(
      wordsOf(kind, ", total_path: $.total"),
      serving(kind, withTotal(4, items([1, 2], [3, 4]))),
    );
    expect((await readToEnd(connection.records("op"))).records).toEqual([1, 2, 3, 4]);
    expect(server.requests.length).toBe(2);
  });
});

describe("a page that fails and comes back", () => {
  it.each(kinds)(
    "is read from the error's cursor, with none twice, also by another runtime: %s",
    async (kind) => {
      const pages = items([1, 2], [3, 4], [5]);
      let failing = true;
      const serve = serving(kind, pages);
      const second = kind === "offset" || kind === "page" ? "2" : "p1";
      const handler: Handler = (request, context) =>
        failing && request.query.get("at") === second ? status(500) : serve(request, context);
      const first = await start(wordsOf(kind), handler);
      const got = await readToEnd(first.connection.records("op"));
      expect(got).toMatchObject({ records: [1, 2], error: { code: "upstream_error", status: 500 } });
      failing = false;
      // As in another process: the descriptor is compiled anew, and nothing is shared but the text of the cursor.
      const other = await pagedLine(wordsOf(kind), handler, "", {
        connect: { config: { base_url: first.server.origin } },
        runtime: { network: { allow: [first.server.host] } },
      });
      open.push(other);
      expect(
        await readToEnd(other.connection.records("op", {}, { cursor: got.error?.cursor ?? "" })),
      ).toEqual({
        records: [3, 4, 5],
        error: undefined,
      });
    },
  );

  it.each([
    ["is cut off", truncatedChunked(), "network_error"],
    ["is no JSON", text("<html>"), "response_invalid"],
    ["is refused", status(403), "permission_denied"],
    ["is limited", status(429), "rate_limited"],
    ["holds a cursor that is none", json({ items: [3], next: true }), "response_invalid"],
    ["holds no list", json({ items: "none" }), "response_invalid"],
  ] as const)("is read from the error's cursor where it %s", async (_, reply, code) => {
    const pages = items([1, 2], [3, 4]);
    let failing = true;
    const serve = serving("cursor_path", pages);
    const { connection } = await start(wordsOf("cursor_path"), (request, context) =>
      failing && request.query.get("at") !== null ? reply : serve(request, context),
    );
    const got = await readToEnd(connection.records("op"));
    expect(got).toMatchObject({ records: [1, 2], error: { code, cursor: expect.any(String) } });
    failing = false;
    expect(await readToEnd(connection.records("op", {}, { cursor: got.error?.cursor ?? "" }))).toEqual({
      records: [3, 4],
      error: undefined,
    });
  });
});

describe("records that move between pages", () => {
  const reading = async (change: (list: number[]) => void): Promise<ReadToEnd> => {
    const list = [1, 2, 3, 4, 5, 6].map((id) => id);
    const { connection } = await start(wordsOf("offset", ", primary_key: id"), ({ query }) => {
      const at = Number(query.get("at"));
      if (at === 2) change(list);
      return json({ items: list.slice(at, at + 2).map((id) => ({ id })) });
    });
    return readToEnd(connection.records("op"));
  };
  it("are noticed where one is inserted: the page repeats one", async () => {
    const got = await reading((list) => list.unshift(0));
    expect(got).toMatchObject({ records: [{ id: 1 }, { id: 2 }], error: inconsistent });
  });
  it("leave each record of each page that came", async () => {
    const got = await reading((list) => list.shift());
    expect(got).toEqual({ records: [1, 2, 4, 5, 6].map((id) => ({ id })), error: undefined });
  });
});

describe("a records_path that leads", () => {
  it.each([
    ["to null", null],
    ["nowhere", undefined],
    ["to an empty text", ""],
  ])("%s is an empty page", async (_, empty) => {
    expect(await read("cursor_path", [{ items: [1] }, { items: empty }, { items: [2] }])).toEqual({
      records: [1, 2],
      error: undefined,
    });
  });
  it("to one map is one record", async () => {
    expect(await read("cursor_path", [{ items: { id: 1 } }])).toEqual({
      records: [{ id: 1 }],
      error: undefined,
    });
  });
  it.each(["not found", 7, true])("to what is no record is an error: %s", async (items) => {
    const got = await read("page", [{ items: [1, 2] }, { items }]);
    expect(got).toMatchObject({
      records: [1, 2],
      error: { code: "response_invalid", phase: "pagination", cursor: expect.any(String) },
    });
  });
});
