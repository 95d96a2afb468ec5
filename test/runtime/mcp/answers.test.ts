import { Client as EarlierClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as EarlierTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport as EarlierWire } from "@modelcontextprotocol/sdk/shared/transport.js";
import { describe, expect, it } from "vitest";
import type { ReceivedRequest } from "../../../runtime/testing/index.ts";
import { descriptor, operation } from "../../support/line.ts";
import { callTool, clientOf, offered, stage } from "./support.ts";

const records = (from: number, to: number, text = "") =>
  Array.from({ length: to - from }, (_, at) => ({ id: from + at, name: `n${from + at}`, text }));

const paged = `${operation(`
endpoint: /items
parameters:
  - { name: state, location: query, schema: { enum: [open, closed] } }
  - { name: after, location: query }
pagination: { type: cursor, cursor_path: $.next, cursor_param: after }
response: { records_path: $.items }`)}${offered}`;

/** Three pages of ten. */
const pages = (text = "") => ({
  "GET /items": ({ query }: ReceivedRequest) => {
    const from = Number(query.get("after") ?? 0);
    return { json: { items: records(from, from + 10, text), next: from < 20 ? String(from + 10) : null } };
  },
});

describe("an answer of records", () => {
  it("is one page, and the cursor leads to the next until there is none", async () => {
    const { call, line } = await stage(paged, pages());
    const seen: unknown[] = [];
    let cursor: unknown;
    do {
      const { structured } = await call("op", { state: "open", ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...(structured.items as { id: number }[]).map(({ id }) => id));
      cursor = structured.next_cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(records(0, 30).map(({ id }) => id));
    expect(line.server.requests.map(({ query }) => query.get("state"))).toEqual(["open", "open", "open"]);
  });

  it("says the same as structure and as text", async () => {
    const { call } = await stage(paged, pages());
    const { structured, content } = await call("op");
    expect(JSON.parse((content[0] as unknown as { text: string }).text)).toEqual(structured);
  });

  it("reads over pages up to max_items, and goes on behind the last one that it gave", async () => {
    const { call, line } = await stage(paged, pages());
    const first = await call("op", { max_items: 13 });
    expect(first.structured.items).toHaveLength(13);
    const rest = await call("op", { max_items: 100, cursor: first.structured.next_cursor });
    expect((rest.structured.items as { id: number }[]).map(({ id }) => id)).toEqual(
      records(13, 30).map(({ id }) => id),
    );
    expect(rest.structured).not.toHaveProperty("next_cursor");
    expect(line.server.requests).toHaveLength(4);
  });

  it("tells its progress from page to page", async () => {
    const { client } = await stage(paged, pages());
    const told: number[] = [];
    await client.callTool(
      { name: "op", arguments: { max_items: 30 } },
      { onprogress: ({ progress }) => told.push(progress) },
    );
    expect(told).toEqual([10, 20, 30]);
  });

  it("keeps the members that `fields` name, and says which there are where it names none of them", async () => {
    const { call } = await stage(paged, pages());
    expect((await call("op", { fields: ["id"], max_items: 1 })).structured.items).toEqual([{ id: 0 }]);
    const missed = await call("op", { fields: ["nope"] });
    expect(missed.structured.note).toBe("No item has these fields; there are id, name, text.");
  });

  it("ends where the next record would pass the cap, and every record comes once", async () => {
    const { call } = await stage(paged, pages("x".repeat(900)), { server: { maxAnswerBytes: 8192 } });
    const seen: number[] = [];
    let cursor: unknown;
    for (let calls = 0; calls < 20; calls++) {
      const { structured, content } = await call("op", cursor === undefined ? {} : { cursor });
      const { text } = content[0] as unknown as { text: string };
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(8192);
      seen.push(...(structured.items as { id: number }[]).map(({ id }) => id));
      cursor = structured.next_cursor;
      if (cursor === undefined) break;
      if (seen.length < 10) expect(structured.note).toMatch(/fit into one answer; go on with next_cursor/);
    }
    expect(seen).toEqual(records(0, 30).map(({ id }) => id));
  });

  it("cuts a record that no answer could hold, and goes on behind it", async () => {
    const huge = {
      "GET /items": { json: { items: [{ id: 1, text: "x".repeat(100_000) }, { id: 2 }], next: null } },
    };
    const { call } = await stage(paged, huge, { server: { maxAnswerBytes: 8192 } });
    const first = await call("op");
    expect(first.structured.note).toMatch(/cut at text/);
    const second = await call("op", { cursor: first.structured.next_cursor });
    expect(second.structured.items).toEqual([{ id: 2 }]);
  });
});

describe("a cursor", () => {
  it.each([
    ["forged", (cursor: string) => `${cursor.slice(0, -2)}AA`],
    ["of nothing", () => "abc"],
    ["with another page in it", (cursor: string) => `${btoa('[9e15,["x",0]]')}.${cursor.split(".")[1]}`],
  ])("is refused where it is %s", async (_, forge) => {
    const { call, line } = await stage(paged, pages());
    const { structured } = await call("op");
    const answer = await call("op", { cursor: forge(String(structured.next_cursor)) });
    expect(answer.isError).toBe(true);
    expect(answer.structured.error).toMatchObject({ code: "invalid_parameters", argument: "cursor" });
    expect(line.server.requests).toHaveLength(1);
  });

  it("counts for the arguments that it was given for", async () => {
    const { call } = await stage(paged, pages());
    const { structured } = await call("op", { state: "open" });
    const answer = await call("op", { state: "closed", cursor: structured.next_cursor });
    expect(answer.structured.error).toMatchObject({ argument: "cursor" });
  });
});

describe("an answer of one value", () => {
  it("that nests 100,000 deep is cut to what can be shown", async () => {
    const deep = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
    const { call } = await stage(
      `${operation("endpoint: /x\nresponse_schema: { type: object }")}${offered}`,
      { "GET /x": { text: `{"id":1,"deep":${deep}}`, headers: { "content-type": "application/json" } } },
    );
    const { structured, isError } = await call("op");
    expect([isError, structured]).toMatchObject([
      false,
      { id: 1, deep: { a: {} }, _note: expect.stringContaining("deep.a") },
    ]);
  });

  it("is the object as it is, cut to the cap where it is too long", async () => {
    const body = {
      id: 1,
      deep: { list: Array.from({ length: 500 }, (_, at) => ({ at, text: "y".repeat(50) })) },
    };
    const { call } = await stage(
      `${operation("endpoint: /x\nresponse_schema: { type: object }")}${offered}`,
      {
        "GET /x": { json: body },
      },
      { server: { maxAnswerBytes: 6000 } },
    );
    const { structured, content } = await call("op");
    expect(structured).toMatchObject({ id: 1, _note: expect.stringContaining("deep.list") });
    expect(Buffer.byteLength((content[0] as unknown as { text: string }).text)).toBeLessThanOrEqual(6000);
    expect((await call("op", { fields: ["id"] })).structured).toEqual({ id: 1 });
  });

  it("is a text in parts, none of which cuts a character", async () => {
    const text = "aé😀".repeat(2000);
    const { call } = await stage(
      `${operation("endpoint: /x\nresponse: { type: text }")}${offered}`,
      {
        "GET /x": { text },
      },
      { server: { maxAnswerBytes: 8192 } },
    );
    let whole = "";
    let cursor: unknown;
    do {
      const { structured } = await call("op", cursor === undefined ? {} : { cursor });
      whole += String(structured.result);
      cursor = structured.next_cursor;
    } while (cursor !== undefined);
    expect(whole).toBe(text);
  });

  it("is a link where it is bytes, which only its tenant can read", async () => {
    const bytes = Buffer.from([0, 1, 2, 255]);
    const { client, call } = await stage(
      `${operation("endpoint: /x\nresponse: { type: binary }")}${offered}`,
      {
        "GET /x": { bytes, headers: { "content-type": "application/zip" } },
      },
    );
    const { structured, content } = await call("op");
    expect(content[1]).toMatchObject({ type: "resource_link", mimeType: "application/zip", size: 4 });
    const read = await client.readResource({ uri: String(structured.resource) });
    expect(read.contents).toEqual([
      { uri: structured.resource, mimeType: "application/zip", blob: bytes.toString("base64") },
    ]);
    await expect(client.readResource({ uri: `${String(structured.resource)}x` })).rejects.toThrow();
  });
});

describe("an error", () => {
  const renamed = `${descriptor(`operations:
  - operation_id: get_item
    endpoint: "/items/{id}"
    summary: Reads an item
    auth_type_ref: none
    parameters:
      - { name: id, location: path, required: true }
      - { name: kind, location: query, schema: { enum: [a, b] } }`)}
mcp_config:
  enabled: true
  server_name: test-mcp
  server_description: Tools for tests.
  route_mappings:
    - operation_id: get_item
      mcp_tool_name: read
      mcp_tool_description: Reads.
      parameter_mappings: { id: item, kind: sort }
`;

  it("speaks in the names of the tool, and says what is accepted", async () => {
    const { call } = await stage(renamed, { "GET /items/:id": { json: {} } });
    expect(await call("read")).toMatchObject({
      isError: true,
      structured: {
        error: { code: "invalid_parameters", argument: "item", message: expect.stringContaining('"item"') },
      },
    });
    expect((await call("read", { item: "1", sort: "c" })).structured.error).toMatchObject({
      argument: "sort",
      accepted: ["a", "b"],
    });
    expect((await call("read", { id: "1" })).structured.error).toMatchObject({
      argument: "id",
      accepted: ["item", "sort", "cursor", "fields"],
    });
  });

  it("says when to try again", async () => {
    const { call } = await stage(`${operation("endpoint: /x\nretry: { max_attempts: 1 }")}${offered}`, {
      "GET /x": { status: 429, headers: { "retry-after": "7" }, json: {} },
    });
    expect((await call("op")).structured.error).toMatchObject({
      code: "rate_limited",
      status: 429,
      retry_after: 7,
    });
  });

  it("of a tool that there is not is one of the protocol", async () => {
    const { call } = await stage(renamed, {});
    await expect(call("get_item", { item: "1" })).rejects.toThrow(/There is no tool get_item/);
  });

  it.each(["../../admin", "..", "a/../b", "..\\admin", "%2e%2e/admin", "a%2F..%2Fadmin", ".%2e%5Cadmin"])(
    "meets %j in a path, and nothing is sent",
    async (item) => {
      const { call, line } = await stage(renamed, { "GET /items/*": { json: { reached: true } } });
      const { structured, isError } = await call("read", { item });
      expect([isError, structured.error]).toMatchObject([true, { argument: "item" }]);
      expect(line.server.requests).toEqual([]);
    },
  );

  it.each(["group/project", "a..b", "v1...", "..hidden"])(
    "is not what %j meets: it is one segment",
    async (item) => {
      const { call, line } = await stage(renamed, { "GET /items/*": { json: { reached: true } } });
      expect((await call("read", { item })).isError).toBe(false);
      expect(line.server.requests.map(({ path }) => path)).toEqual([`/items/${encodeURIComponent(item)}`]);
    },
  );
});

describe("an argument", () => {
  it.each(["[", '{"a":'])("of more levels than any API takes is refused by its name: %s…", async (open) => {
    const { client, line } = await stage(
      `${operation(`
endpoint: /x
method: POST
parameters: [{ name: q, location: body, field_type: json }]`)}${offered}`,
      { "POST /x": { json: {} } },
    );
    const q: unknown = JSON.parse(`${open.repeat(3000)}1${(open === "[" ? "]" : "}").repeat(3000)}`);
    const { structured } = await callTool(client, "op", { q });
    expect(structured.error).toMatchObject({ code: "invalid_parameters", argument: "q" });
    expect(line.server.requests).toEqual([]);
  });
});

describe("clients of the earlier revision", () => {
  it("list and call the same tools", async () => {
    const { serving, client } = await stage(paged, pages());
    const earlier = await clientOf(serving.url, {}, "legacy");
    expect([client.getNegotiatedProtocolVersion(), earlier.getNegotiatedProtocolVersion()]).toEqual([
      "2026-07-28",
      "2025-11-25",
    ]);
    expect((await earlier.listTools()).tools).toEqual((await client.listTools()).tools);
    expect((await callTool(earlier, "op", { max_items: 2 })).structured.items).toHaveLength(2);
  });

  it("list and call them with the SDK of before, too", async () => {
    const { serving } = await stage(paged, pages());
    const earlier = new EarlierClient({ name: "test", version: "1.0.0" });
    // Its transport's type has a member that may be undefined, where the SDK's own interface says absent.
    await earlier.connect(new EarlierTransport(new URL(serving.url)) as EarlierWire);
    expect((await earlier.listTools()).tools.map(({ name }) => name)).toEqual(["op"]);
    const { structuredContent } = await earlier.callTool({ name: "op", arguments: { max_items: 2 } });
    expect(structuredContent).toMatchObject({ items: records(0, 2) });
    await earlier.close();
  });
});
