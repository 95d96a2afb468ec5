import { afterEach, describe, expect, it } from "vitest";
import type { ConnectOptions } from "../../../runtime/index.ts";
import { json, type Routes, rateLimited, sequence } from "../../../runtime/testing/index.ts";
import { type Connected, connectImported, readAll } from "./connect-imported.ts";
import { importOne } from "./import-text.ts";

const orders = {
  metadata: { slug: "my-api", type: "source", description: "My REST API connector", version: "1.0.0" },
  protocol: "rest",
  auth: { type: "oauth2", tokenUrl: "https://api.example.com/oauth/token", scopes: ["read:orders"] },
  endpoints: {
    poll: {
      method: "GET",
      url: "https://api.example.com/orders",
      params: { since: "{{cursor}}", limit: 100 },
      pagination: { type: "cursor", field: "next_cursor" },
    },
    test: { method: "GET", url: "https://api.example.com/status" },
  },
  eventMapping: { externalId: "$.id", eventType: "order.updated", occurredAt: "$.updated_at", payload: "$" },
};
const tools = {
  metadata: { slug: "ext-service", type: "source" },
  protocol: "mcp",
  mcpConfig: {
    serverUrl: "https://ext.example.com/mcp",
    tools: { poll: "ext.orders.list", test: "ext.health" },
  },
};
const token = { "POST /oauth/token": json({ access_token: "tok", expires_in: 3600 }) };
const credentials = { client_id: "id", client_secret: "secret" };
const open: Connected[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function connect(
  definition: object,
  routes: Routes,
  options: ConnectOptions = { credentials },
): Promise<Connected> {
  const { text } = await importOne(definition);
  const connected = await connectImported(text, routes, options);
  open.push(connected);
  return connected;
}

describe("import pullpush", () => {
  it("is guessed, and tells the mapping of events, which is the platform's own", async () => {
    const { text, lost } = await importOne(orders);
    expect(text).toContain("Imported by connector import pullpush");
    expect(text).toContain('# {"externalId":"$.id"');
    expect(lost.map(({ at }) => at)).toEqual(["/eventMapping"]);
  });

  it("polls from a cursor until there is none, through a refusal, with the token that the definition asks for", async () => {
    const { connection, server } = await connect(orders, {
      ...token,
      "GET /orders": sequence(
        rateLimited(0),
        json({ orders: [{ id: 1 }], next_cursor: "c1" }),
        json({ orders: [], next_cursor: "c2" }),
        json({ orders: [{ id: 2 }] }),
      ),
    });
    const { pages, code } = await readAll(connection, "poll", { since: "2026-01-01" });
    expect({ pages: pages.length, code }).toEqual({ pages: 3, code: undefined });
    const [first, ...polls] = server.requests;
    expect(first?.form.get("scope")).toBe("read:orders");
    expect(polls.map(({ target }) => target)).toEqual([
      "/orders?since=2026-01-01&limit=100",
      "/orders?since=2026-01-01&limit=100",
      "/orders?since=c1&limit=100",
      "/orders?since=c2&limit=100",
    ]);
    expect(polls.every(({ headers }) => headers.authorization === "Bearer tok")).toBe(true);
  });

  it("stops at a hundred pages, and says that there are more", async () => {
    let served = 0;
    const { connection } = await connect(orders, {
      ...token,
      "GET /orders": () => json({ next_cursor: `c${++served}` }),
    });
    const { pages, code } = await readAll(connection, "poll");
    expect({ pages: pages.length, code }).toEqual({ pages: 100, code: "truncated" });
  });

  it("makes its `test` the test of a credential", async () => {
    const { connection, server } = await connect(orders, { ...token, "GET /status": json({ ok: true }) });
    expect(await connection.check()).toMatchObject({ ok: true });
    expect(server.requests.at(-1)?.path).toBe("/status");
  });

  it("says how the tools of an MCP server are imported with what they say of themselves", async () => {
    const { lost } = await importOne(tools);
    expect(JSON.stringify(lost)).toContain("connector import mcp URL --select ext.orders.list");
  });

  it("calls the tools of an MCP server", async () => {
    const { connection, server } = await connect(
      tools,
      {
        "POST /mcp": sequence(
          json({ jsonrpc: "2.0", result: { content: [] } }),
          json({ error: { code: -32602 } }),
        ),
      },
      {},
    );
    await connection.call("poll", { arguments: { since: "c" } });
    expect(server.requests[0]?.json).toMatchObject({
      method: "tools/call",
      params: { name: "ext.orders.list", arguments: { since: "c" } },
    });
    await expect(connection.call("test")).rejects.toMatchObject({ code: "mcp_error" });
  });

  it("carries every way of signing in, holes of hosts, paths and bodies, and a rate below one", async () => {
    const { descriptor } = await importOne({
      metadata: { slug: "shop" },
      auth: { type: "api_key", header: "X-Shop-Key", prefix: "Key" },
      rate_limiting: { requests_per_second: 0.5 },
      endpoints: {
        deliver: {
          method: "POST",
          url: "https://{{shop}}.example.com/items/{{id}}",
          headers: { "X-Source": "push" },
          body: { sku: "{{sku}}", note: "a {literal} of {{sku}}" },
        },
      },
    });
    expect(descriptor).toMatchObject({
      base_url: "https://{shop}.example.com",
      connection_config: [{ key: "shop", format: "subdomain" }],
      authentication: [{ type: "api_key", auth_headers: { "X-Shop-Key": "Key {apiKey}" } }],
      rate_limits: [{ limit: 1, interval_seconds: 2, pacing: "smooth" }],
      operations: [
        {
          endpoint: "/items/{id}",
          headers: { "X-Source": "push" },
          parameters: [
            { name: "id", location: "path" },
            { name: "sku", location: "body" },
          ],
          body: { sku: "{sku}", note: "a {{literal}} of {sku}" },
        },
      ],
    });
  });

  it("never writes what looks like a secret, and makes no key of a text", async () => {
    const key = `sk_live_${"4eC39HqLyjWDarjtT1zdp7dc"}`;
    const { text, descriptor, lost } = await importOne({
      metadata: { slug: "evil\nbase_url: https://evil.example", description: "x\noperations: []" },
      endpoints: {
        poll: { url: "https://good.example.com/a", headers: { "X-Key": key }, params: { "a: b": "{{x}}" } },
      },
    });
    expect(text).not.toContain(key);
    expect(lost.map(({ at }) => at)).toContain("/endpoints/poll/headers/X-Key");
    expect(descriptor.base_url).toBe("https://good.example.com");
    expect(descriptor.operations?.[0]?.parameters).toEqual([
      { name: "x", wire_name: "a: b", location: "query" },
    ]);
  });

  it("writes an empty map where all that was in it had to go, and tells what went", async () => {
    const key = `ghp_${"4eC39HqLyjWDarjtT1zdp7dcAbCdEf123456"}`;
    const { text, descriptor, lost } = await importOne({
      metadata: { slug: "shop" },
      endpoints: { deliver: { method: "POST", url: "https://shop.example.com/a", body: { k: key } } },
    });
    expect(text).not.toContain(key);
    expect(descriptor.operations?.[0]?.body).toEqual({});
    expect(lost.map(({ at }) => at)).toEqual(["/operations/0/body/k"]);
  });
});
