import { afterEach, describe, expect, it } from "vitest";
import type { PageOptions } from "../../../runtime/index.ts";
import { type Handler, json, status } from "../../../runtime/testing/index.ts";
import type { Line } from "../../support/line.ts";
import { pagedLine, readToEnd, wordsOf } from "../../support/paged.ts";

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

/** Pages of two out of so many records, by any counted kind. */
const listing =
  (kind: "offset" | "page", count: number, more: (start: number) => object = () => ({})): Handler =>
  ({ query }) => {
    const at = Number(query.get("at"));
    const start = kind === "offset" ? at : (at - 1) * 2;
    const ids = Array.from({ length: count }, (_, id) => id).slice(start, start + 2);
    return json({ items: ids, ...more(start) });
  };

async function start(pagination: string, handler: Handler, extra = ""): Promise<Line> {
  const made = await pagedLine(pagination, handler, extra);
  open.push(made);
  return made;
}

/** Waits for what must come; what must not come had the time for it as well. */
async function requests({ server }: Line, count: number): Promise<void> {
  while (server.requests.length < count) await new Promise(setImmediate);
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
}

describe("while the consumer works on a page", () => {
  it("the next one is asked for, and none after it", async () => {
    const made = await start(wordsOf("page"), listing("page", 20));
    const reader = made.connection.pages("op");
    await reader.next();
    await reader.next();
    await requests(made, 3);
    expect(made.server.requests.length).toBe(3);
    await reader.next();
    await requests(made, 4);
    expect(made.server.requests.length).toBe(4);
    await reader.return();
  });

  it("nothing is asked for as long as only the first page was wanted", async () => {
    const made = await start(wordsOf("page"), listing("page", 20));
    const reader = made.connection.records("op");
    expect(await reader.next()).toEqual({ done: false, value: 0 });
    expect(await reader.next()).toEqual({ done: false, value: 1 });
    await requests(made, 1);
    expect(made.server.requests.length).toBe(1);
    await reader.return();
  });

  it("nothing is asked for where the operation has side effects", async () => {
    const made = await start(wordsOf("page"), listing("page", 20), "side_effecting: true");
    const reader = made.connection.pages("op");
    await reader.next();
    await reader.next();
    await requests(made, 2);
    expect(made.server.requests.length).toBe(2);
    await reader.return();
  });

  it("nothing is asked for past maxPages", async () => {
    const made = await start(wordsOf("page"), listing("page", 20));
    const got = await readToEnd(made.connection.records("op", {}, { maxPages: 3 }));
    expect(got).toMatchObject({ records: [0, 1, 2, 3, 4, 5], error: { code: "truncated" } });
    await requests(made, 3);
    expect(made.server.requests.length).toBe(3);
  });

  it("a failure of the next page waits until that is asked for", async () => {
    const made = await start(wordsOf("page"), (request, context) =>
      request.query.get("at") === "3" ? status(404) : listing("page", 20)(request, context),
    );
    const reader = made.connection.pages("op");
    await reader.next();
    expect((await reader.next()).value?.records).toEqual([2, 3]);
    await requests(made, 3);
    await expect(reader.next()).rejects.toMatchObject({ status: 404, cursor: expect.any(String) });
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });

  it("the call for the next page ends when the reader stops", async () => {
    let hungUp = false;
    const made = await start(wordsOf("page"), (request, context) =>
      request.query.get("at") === "3"
        ? { raw: ({ socket }) => socket.on("close", () => (hungUp = true)) }
        : listing("page", 20)(request, context),
    );
    const reader = made.connection.records<number>("op");
    for (const id of [0, 1, 2]) expect(await reader.next()).toEqual({ done: false, value: id });
    await requests(made, 3);
    await reader.return();
    // Both ends are in this process: it takes some turns.
    for (let turn = 0; turn < 10_000 && !hungUp; turn++) await new Promise(setImmediate);
    expect(hungUp).toBe(true);
    expect(made.server.requests.length).toBe(3);
  });
});

describe("several pages at a time", () => {
  const all = Array.from({ length: 21 }, (_, id) => id);

  it.each(["offset", "page"] as const)("keep their order, and are as many as was said: %s", async (kind) => {
    let now = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    const serve = listing(kind, 21);
    const made = await start(wordsOf(kind), async (request, context) => {
      most = Math.max(most, ++now);
      // The later is answered first, as far as several wait.
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        setTimeout(() => waiting.pop()?.(), 2);
      });
      now--;
      return serve(request, context);
    });
    expect(await readToEnd(made.connection.records("op", {}, { concurrency: 4 }))).toEqual({
      records: all,
      error: undefined,
    });
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });

  it.each(["offset", "page"] as const)("never pass the consumer by more than that: %s", async (kind) => {
    const made = await start(wordsOf(kind), listing(kind, 21));
    const reader = made.connection.pages("op", {}, { concurrency: 3 });
    await reader.next();
    await requests(made, 4);
    expect(made.server.requests.length).toBe(4);
    await reader.next();
    await requests(made, 5);
    expect(made.server.requests.length).toBe(5);
    await reader.return();
  });

  it("do not go past a total", async () => {
    const made = await start(
      wordsOf("offset", ", total_path: $.total"),
      listing("offset", 7, () => ({ total: 7 })),
    );
    const got = await readToEnd(made.connection.records("op", {}, { concurrency: 8 }));
    expect(got).toEqual({ records: all.slice(0, 7), error: undefined });
    expect(made.server.requests.map(({ query }) => query.get("at"))).toEqual(["0", "2", "4", "6"]);
  });

  it("read what lies elsewhere than was guessed once, and nothing twice", async () => {
    // The second page is short: all guesses after it were wrong.
    const made = await start(wordsOf("offset", ", stop_on_short_page: false"), ({ query }) => {
      const at = Number(query.get("at"));
      return json({ items: all.slice(at, at === 2 ? 3 : at + 2) });
    });
    const got = await readToEnd(made.connection.records("op", {}, { concurrency: 4 }));
    expect(got).toEqual({ records: all, error: undefined });
  });

  it("hear nothing of failures past the end", async () => {
    const made = await start(wordsOf("page"), (request, context) =>
      Number(request.query.get("at")) > 2 ? status(404) : listing("page", 3)(request, context),
    );
    const got = await readToEnd(made.connection.records("op", {}, { concurrency: 5 }));
    expect(got).toEqual({ records: [0, 1, 2], error: undefined });
  });

  it.each([
    ["cursor_path", "", { concurrency: 2 }],
    ["link_header", "", { concurrency: 2 }],
    ["page", "side_effecting: true", { concurrency: 2 }],
    ["page", "", { concurrency: 0 }],
    ["page", "", { concurrency: 1.5 }],
  ] as const)(
    "are refused where that makes no sense: %s %s %s",
    async (kind, extra, options: PageOptions) => {
      const made = await start(wordsOf(kind), () => json({ items: [] }), extra);
      const { error } = await readToEnd(made.connection.records("op", {}, options));
      expect(error).toMatchObject({ code: "invalid_parameters", details: { parameter: "concurrency" } });
      expect(made.server.requests).toEqual([]);
    },
  );
});

describe("records", () => {
  it("that are asked for all at once come in their order, and then the end", async () => {
    const made = await start(wordsOf("page"), listing("page", 5));
    const reader = made.connection.records<number>("op");
    const asked = Array.from({ length: 8 }, () => reader.next());
    expect((await Promise.all(asked)).map(({ value }) => value)).toEqual([
      0,
      1,
      2,
      3,
      4,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("end where the reader is thrown at, as those of a generator do", async () => {
    const made = await start(wordsOf("page"), listing("page", 5));
    const reader = made.connection.records<number>("op");
    await reader.next();
    await expect(reader.throw(new Error("enough"))).rejects.toThrow("enough");
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });
});
