/** Small print of lists: what says nothing, what is no repeat, and whose cursor it is. */
import { afterEach, describe, expect, it } from "vitest";
import { type Handler, json, text } from "../../../runtime/testing/index.ts";
import { type Line, line, operation } from "../../support/line.ts";
import { pagedLine, readToEnd, serving, wordsOf } from "../../support/paged.ts";

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

async function recordsOf(pagination: string, handler: Handler): Promise<unknown> {
  const { records, error } = await readToEnd((await start(pagination, handler)).connection.records("op"));
  return error ?? records;
}

describe("a list", () => {
  it("whose first page is an empty body is empty", async () => {
    expect(await recordsOf(wordsOf("cursor_path"), () => text(""))).toEqual([]);
  });

  it("whose total is an empty text is read by its pages", async () => {
    const pages = [
      { items: [1, 2], total: "" },
      { items: [3], total: "" },
    ];
    expect(await recordsOf(wordsOf("offset", ", total_path: $.total"), serving("offset", pages))).toEqual([
      1, 2, 3,
    ]);
  });

  it("goes by the first `rel` of a link, and no other (RFC 8288, section 3.3)", async () => {
    const handler = (): { json: object; headers: Record<string, string> } => ({
      json: { items: [1, 2] },
      headers: { link: '</items?at=p1>; rel="prev"; rel="next"' },
    });
    expect(await recordsOf(wordsOf("link_header"), handler)).toEqual([1, 2]);
  });

  it("ends at a cursor that is an empty map", async () => {
    const made = await line(
      operation(`endpoint: /items
method: POST
response: { records_path: $.items }
pagination: { type: cursor, cursor_path: $.next, cursor_param: at, cursor_location: body }`),
      { "POST /items": () => json({ items: [1], next: {} }) },
    );
    open.push(made);
    expect(await readToEnd(made.connection.records("op"))).toEqual({ records: [1], error: undefined });
  });
});

describe("records", () => {
  it.each([
    ["id", [{ id: "1" }, { id: 1 }, { id: 1.5 }, { id: "1.5" }, { id: true }, { id: "true" }]],
    ["id", [{}, {}, { id: null }, { id: null }]],
    ["[id, at]", [{}, {}, { id: null }, { id: null, at: null }, { id: 1 }, { at: 1 }]],
    ["$.a.id", [{ a: {} }, { a: {} }, { a: { id: null } }, { a: { id: 0 } }, {}]],
  ])("without a key, or with keys that only read alike, are no repeats: %s of %j", async (key, items) => {
    expect(
      await recordsOf(`{ type: page, page_param: at, primary_key: ${key} }`, serving("page", [{ items }])),
    ).toEqual(items);
  });
});

describe("a cursor", () => {
  it("is one of its own kind of paging, or is refused before anything is sent", async () => {
    const cursors: string[] = [];
    for (const kind of ["cursor_path", "next_url_path", "offset", "page"] as const) {
      const pages = [{ items: [1, 2] }, { items: [3, 4] }, { items: [5] }];
      const { connection, server } = await start(wordsOf(kind), serving(kind, pages));
      for (const cursor of cursors)
        expect((await readToEnd(connection.records("op", {}, { cursor }))).error).toMatchObject({
          code: "invalid_parameters",
          message: expect.stringContaining("another kind"),
          details: { parameter: "cursor" },
        });
      expect(server.requests).toEqual([]);
      for await (const { cursor } of connection.pages("op")) if (cursor !== undefined) cursors.push(cursor);
    }
    expect(cursors.length).toBeGreaterThan(5);
  });

  it("belongs to parameters, big integers among them", async () => {
    const pages = [{ items: [1, 2] }, { items: [3] }];
    const { connection } = await start(
      wordsOf("cursor_path"),
      serving("cursor_path", pages),
      "parameters: [{ name: account, location: query, field_type: integer }]",
    );
    const account = 12345678901234567890n;
    const first = await connection.pages("op", { account }).next();
    const { cursor } = first.done ? { cursor: undefined } : first.value;
    if (cursor === undefined) throw new Error("there is no cursor");
    expect(await readToEnd(connection.records("op", { account }, { cursor }))).toEqual({
      records: [3],
      error: undefined,
    });
    expect(
      (await readToEnd(connection.records("op", { account: account + 1n }, { cursor }))).error,
    ).toMatchObject({
      message: expect.stringContaining("belongs to other parameters"),
    });
  });
});
