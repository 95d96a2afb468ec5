import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { Page } from "../../../runtime/index.ts";
import { createVeil } from "../../../runtime/paginate/veil.ts";
import { type Handler, json } from "../../../runtime/testing/index.ts";
import { type Line, line, operation } from "../../support/line.ts";
import { pagedLine, readToEnd, wordsOf } from "../../support/paged.ts";

let open: Line[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

const opened = (cursor: string | undefined): string => Buffer.from(cursor ?? "", "base64url").toString();
const firstCursor = async (reading: AsyncGenerator<Page>): Promise<string> => {
  const { value } = await reading.next();
  await reading.return(undefined);
  return value?.cursor ?? "";
};
const more: Handler = ({ query }) => json({ items: [query.get("q")], next: query.has("at") ? null : "n" });

describe("a cursor", () => {
  const parameters =
    "parameters: [{ name: q, location: query }, { name: tags, location: query, field_type: array }, { name: at, location: query }, { name: key, location: query, field_type: secret }]";

  it("leads on with the same parameters, in whatever order and with the place of the page left to it", async () => {
    const made = await pagedLine(wordsOf("cursor_path"), more, parameters);
    open.push(made);
    const cursor = await firstCursor(made.connection.pages("op", { q: "a", tags: ["x"] }));
    expect(await readToEnd(made.connection.records("op", { tags: ["x"], q: "a" }, { cursor }))).toEqual({
      records: ["a"],
      error: undefined,
    });
    const placed = await readToEnd(
      made.connection.records("op", { tags: ["x"], q: "a", at: "z" }, { cursor }),
    );
    expect(placed.error).toBeUndefined();
    expect(made.server.requests.at(-1)?.query.get("at")).toBe("n");
  });

  it.each([
    ["another value", { q: "b" }],
    ["one parameter more", { q: "a", tags: ["x"] }],
    ["one parameter less", {}],
  ])("leads nowhere with %s", async (_, other) => {
    const made = await pagedLine(wordsOf("cursor_path"), more, parameters);
    open.push(made);
    const cursor = await firstCursor(made.connection.pages("op", { q: "a" }));
    const { error } = await readToEnd(made.connection.records("op", other, { cursor }));
    expect(error).toMatchObject({ code: "invalid_parameters", details: { parameter: "cursor" } });
    expect(error?.message).toContain("belongs to other parameters");
    expect(made.server.requests.length).toBe(1);
  });

  it("leads nowhere in another operation or connector, nor where it is none", async () => {
    const made = await pagedLine(wordsOf("cursor_path"), more);
    open.push(made);
    const cursor = await firstCursor(made.connection.pages("op"));
    const [version, connector, id, ...rest] = JSON.parse(opened(cursor)) as unknown[];
    const others = [
      [version, connector, "other", ...rest],
      [version, "other", id, ...rest],
      [1, connector, id, ...rest],
      { version },
      null,
    ].map((value) => Buffer.from(JSON.stringify(value)).toString("base64url"));
    for (const wrong of [
      ...others,
      "",
      "garbage",
      "\u0001",
      cursor.slice(0, -4),
      Buffer.from("[2").toString(),
    ]) {
      const { error } = await readToEnd(made.connection.records("op", {}, { cursor: wrong }));
      expect(error).toMatchObject({ code: "invalid_parameters", details: { parameter: "cursor" } });
    }
    expect(made.server.requests.length).toBe(1);
  });

  it("tells nothing of a secret parameter, by value or by hash", async () => {
    const made = await pagedLine(wordsOf("cursor_path"), more, parameters);
    open.push(made);
    const cursors = [];
    for (const key of ["canary-1", "canary-2"])
      cursors.push(await firstCursor(made.connection.pages("op", { q: "a", key })));
    expect(cursors[0]).toBe(cursors[1]);
  });
});

describe("a secret parameter that the server echoes", () => {
  const canary = "cAnary/+= é§";
  const parameters = "parameters: [{ name: key, location: query, field_type: secret }]";
  const spelt: readonly (readonly [string, (text: string) => string])[] = [
    ["percent-encoded", encodeURIComponent],
    ["as a form", (text) => new URLSearchParams({ k: text }).toString().slice(2)],
    ["with small letters", (text) => encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase())],
  ];

  it.each(spelt)("in the next URL stands in no cursor, and in the next request: %s", async (_, spell) => {
    const made = await pagedLine(
      "{ type: cursor, next_url_path: $.next }",
      ({ query }) => {
        const page = Number(query.get("page") ?? 1);
        const next = `/items?page=${page + 1}&session=${spell(query.get("key") ?? query.get("session") ?? "")}`;
        return json({ items: [query.get("key") ?? query.get("session")], next: page < 3 ? next : null });
      },
      parameters,
    );
    open.push(made);
    const pages: Page[] = [];
    for await (const page of made.connection.pages("op", { key: canary })) pages.push(page);
    expect(pages.map(({ records }) => records)).toEqual([[canary], [canary], [canary]]);
    for (const { cursor } of pages) expect(opened(cursor)).not.toMatch(/cAnary/i);
    // Whoever goes on gives the secret anew.
    const cursor = pages[0]?.cursor ?? "";
    const on = await readToEnd(made.connection.records("op", { key: canary }, { cursor }));
    expect(on).toEqual({ records: [canary, canary], error: undefined });
    const other = await readToEnd(made.connection.records("op", { key: "another" }, { cursor }));
    expect(other.records).toEqual(["another", "another"]);
    const without = await readToEnd(made.connection.records("op", {}, { cursor }));
    expect(without.error).toMatchObject({ code: "invalid_parameters", details: { parameter: "cursor" } });
  });

  it("in its own cursor stands in none of ours, nor in an error's", async () => {
    const made = await pagedLine(
      wordsOf("cursor_path"),
      ({ query }) => json({ items: [1], next: query.has("at") ? "" : `"${canary}"\n${canary}` }),
      parameters,
    );
    open.push(made);
    const { error } = await readToEnd(made.connection.records("op", { key: canary }, { maxPages: 1 }));
    expect(opened(error?.cursor)).not.toMatch(/cAnary/i);
    await readToEnd(made.connection.records("op", { key: canary }, { cursor: error?.cursor ?? "" }));
    expect(made.server.requests.at(-1)?.query.get("at")).toBe(`"${canary}"\n${canary}`);
  });
});

describe("the veil over cursors", () => {
  it("hides each secret of four characters and more, and gives the text back", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.string({ minLength: 4, unit: "grapheme" }), { minLength: 1, maxLength: 3 }),
        fc.array(fc.oneof(fc.nat(2), fc.string({ unit: "grapheme" })), { maxLength: 8 }),
        async (secrets, parts) => {
          const named = new Map(secrets.map((secret, index) => [`n${index}`, secret]));
          const veil = createVeil(
            () => named,
            () => Promise.resolve(named),
          );
          const value = parts.map((part) => (typeof part === "number" ? secrets[part] : part)).join("");
          const json = JSON.stringify([value]);
          const covered = veil.covering()(json);
          expect(await veil.uncover(covered)).toBe(json);
          // What is left of the text, without the references.
          const left = covered.split("\u0001").filter((_, at) => at % 2 === 0);
          for (const secret of secrets)
            expect(left.some((piece) => piece.includes(JSON.stringify(secret).slice(1, -1)))).toBe(false);
        },
      ),
    );
  });
});

describe("a cursor that is read late", () => {
  it("hides the secrets of the time at which its page came", () => {
    let secrets = new Map([["token", "first-secret"]]);
    const veil = createVeil(
      () => secrets,
      () => Promise.resolve(secrets),
    );
    const cover = veil.covering();
    secrets = new Map([["token", "second-secret"]]);
    expect(cover('"first-secret"')).toBe(veil.covering()('"second-secret"'));
    expect(cover('"first-secret"')).not.toContain("first");
  });

  it("leads where the server said, whatever the consumer has done with the page", async () => {
    const made = await line(
      operation(`endpoint: /items
method: POST
side_effecting: true
response: { records_path: $.items }
pagination: { type: cursor, cursor_path: $.next, cursor_param: after, cursor_location: body }`),
      {
        "POST /items": ({ body }) =>
          json({ items: [1], next: body.length > 2 ? null : { id: 7, tags: ["a"] } }),
      },
    );
    open.push(made);
    const cursors: (string | undefined)[] = [];
    for await (const page of made.connection.pages<number>("op")) {
      const { next } = page.data as { next: { id: number; tags: string[] } | null };
      if (next) {
        next.id = 8;
        next.tags.pop();
      }
      cursors.push(page.cursor);
    }
    const sent = { after: { id: 7, tags: ["a"] } };
    expect(JSON.parse(made.server.requests[1]?.body.toString() ?? "")).toEqual(sent);
    await readToEnd(made.connection.records("op", {}, { cursor: cursors[0] ?? "" }));
    expect(JSON.parse(made.server.requests[2]?.body.toString() ?? "")).toEqual(sent);
  });
});

describe("a cursor of several values", () => {
  const yaml = operation(`endpoint: /versions
response: { records_path: $.items }
parameters: [{ name: version_marker, location: query, wire_name: version-id-marker }]
pagination:
  type: cursor
  cursor_path: $.NextKeyMarker
  cursor_param: key-marker
  more_cursors: { version_marker: $.NextVersionIdMarker }`);
  const pages: readonly (readonly [string | null, string | null, object])[] = [
    [null, null, { items: [1], NextKeyMarker: "k", NextVersionIdMarker: "v1" }],
    ["k", "v1", { items: [2], NextKeyMarker: "k", NextVersionIdMarker: "v2" }],
    ["k", "v2", { items: [3], NextKeyMarker: "l" }],
    ["l", null, { items: [4] }],
  ];
  const handler: Handler = ({ query }) => {
    const [key, version] = [query.get("key-marker"), query.get("version-id-marker")];
    return json(pages.find(([k, v]) => k === key && v === version)?.[2] ?? { items: ["wrong"] });
  };

  it("sends them together, and goes on from them", async () => {
    const made = await line(yaml, { "GET /versions": handler });
    open.push(made);
    const cursors: (string | undefined)[] = [];
    const read: unknown[] = [];
    for await (const { cursor, records } of made.connection.pages("op")) {
      cursors.push(cursor);
      read.push(...records);
    }
    expect(read).toEqual([1, 2, 3, 4]);
    const on = await readToEnd(made.connection.records("op", {}, { cursor: cursors[1] ?? "" }));
    expect(on.records).toEqual([3, 4]);
  });

  it("may begin at the caller's own", async () => {
    const made = await line(
      yaml
        .replace("cursor_param: key-marker", "cursor_param: key_marker")
        .replace(
          "parameters: [",
          "parameters: [{ name: key_marker, location: query, wire_name: key-marker }, ",
        ),
      { "GET /versions": handler },
    );
    open.push(made);
    const given = { key_marker: "k", version_marker: "v1" };
    expect((await readToEnd(made.connection.records("op", given))).records).toEqual([2, 3, 4]);
  });

  it("is taken from the last record where the cursor is", async () => {
    const list = [1, 2, 3, 4, 5].map((id) => ({ at: Math.ceil(id / 3), id }));
    const made = await line(
      operation(`endpoint: /log
response: { records_path: $.items }
pagination: { type: cursor, cursor_from_record: at, cursor_param: at, more_cursors: { after: id } }`),
      {
        "GET /log": ({ query }) =>
          json({
            items: list
              .filter(({ id, at }) => at >= Number(query.get("at")) && id > Number(query.get("after")))
              .slice(0, 2),
          }),
      },
    );
    open.push(made);
    expect((await readToEnd(made.connection.records("op"))).records).toEqual(list);
  });
});

describe("a cursor that is a map", () => {
  const key = (id: number): object => ({ pk: { S: "desk" }, sk: { N: String(id) } });
  const handler: Handler = ({ json: body }) => {
    const start = (body as { ExclusiveStartKey?: { sk: { N: string } } }).ExclusiveStartKey;
    const id = start === undefined ? 1 : Number(start.sk.N) + 1;
    return json({ Items: [id], ...(id < 3 ? { LastEvaluatedKey: key(id) } : {}) });
  };
  it.each([
    [
      "under a name of its own",
      "pagination: { type: cursor, cursor_path: $.LastEvaluatedKey, cursor_param: ExclusiveStartKey, cursor_location: body }",
    ],
    [
      "as a parameter",
      `parameters: [{ name: start, location: body, wire_name: ExclusiveStartKey, field_type: object }]
pagination: { type: cursor, cursor_path: $.LastEvaluatedKey, cursor_param: start }`,
    ],
  ])("goes into the body as it stands: %s", async (_, paging) => {
    const made = await line(
      operation(`endpoint: /query
method: POST
side_effecting: false
response: { records_path: $.Items }
${paging}`),
      { "POST /query": handler },
    );
    open.push(made);
    const cursor = await firstCursor(made.connection.pages("op"));
    expect((await readToEnd(made.connection.records("op"))).records).toEqual([1, 2, 3]);
    expect((await readToEnd(made.connection.records("op", {}, { cursor }))).records).toEqual([2, 3]);
  });
});
