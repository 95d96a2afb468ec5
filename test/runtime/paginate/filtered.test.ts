import { afterEach, describe, expect, it } from "vitest";
import { unfilteredPath } from "../../../runtime/paginate/records.ts";
import { type Handler, json } from "../../../runtime/testing/index.ts";
import { type Line, line, operation } from "../../support/line.ts";

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

const all = Array.from({ length: 9 }, (_, at) => ({ id: at + 1, ok: at > 2 && at % 2 === 0 }));
const wanted = [5, 7, 9];

async function readAll(pagination: string, handler: Handler): Promise<readonly [unknown[], number]> {
  const made = await line(
    operation(`endpoint: /items
response: { records_path: "$.items[?@.ok == true]" }
pagination: ${pagination}`),
    { "GET /items": handler },
  );
  open.push(made);
  const ids: unknown[] = [];
  for await (const record of made.connection.records<{ id: unknown }>("op")) ids.push(record.id);
  return [ids, made.server.requests.length];
}

describe("pages whose records are filtered", () => {
  it("by offset: what the server counts is counted before the filter", async () => {
    const pages = "{ type: offset, offset_param: o, limit_param: l, page_size: 2 }";
    const read = await readAll(pages, ({ query }) =>
      json({ items: all.slice(Number(query.get("o")), Number(query.get("o")) + 2) }),
    );
    expect(read).toEqual([wanted, 5]);
  });

  it("by page number and total", async () => {
    const pages = "{ type: page, page_param: p, limit_param: l, page_size: 3, total_path: $.total }";
    const read = await readAll(pages, ({ query }) => {
      const start = (Number(query.get("p")) - 1) * 3;
      return json({ items: all.slice(start, start + 3), total: all.length });
    });
    expect(read).toEqual([wanted, 3]);
  });

  it("by the last record: one that is filtered out still leads on", async () => {
    const pages = "{ type: cursor, cursor_from_record: $.id, cursor_param: after }";
    const read = await readAll(pages, ({ query }) => {
      const start = Number(query.get("after") ?? 0);
      return json({ items: all.slice(start, start + 2) });
    });
    expect(read).toEqual([wanted, 6]);
  });

  it.each([
    ["$.items[?@.ok]", "$.items"],
    ["$.items[ ?@.a[?@.b == ']'] ].x[0]", "$.items"],
    ["$['a[?b]'][*][?@.ok]", "$['a[?b]'][*]"],
    ["$..items[?@.ok]", "$..items"],
    ["$..[?@.ok]", undefined],
    ["$..items", undefined],
  ])("%s picks from %s", (text, expected) => {
    expect(unfilteredPath({ kind: "rfc9535", text })?.text).toBe(expected);
  });
});
