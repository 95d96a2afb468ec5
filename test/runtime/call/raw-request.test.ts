import { afterEach, describe, expect, it } from "vitest";
import { json, requireBearer, status, text } from "../../../runtime/testing/index.ts";
import { descriptor, type Line, line } from "../../support/line.ts";

const accepts = (token: string): boolean => token === "secret-token";
let open: Line | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

const bearer = `  - type: bearer
    fields: [{ key: token, label: Token, field_type: secret, secret: true }]`;
const one = descriptor(
  `operations:
  - operation_id: list_items
    endpoint: /api/items
    summary: List items
    auth_type_ref: bearer
    headers: { X-Version: "2", X-Trace: "{trace}" }
    auth_headers: { Authorization: "Bearer {token}" }
    parameters: [{ name: trace, location: header }]
    retry: { max_attempts: 2, on_status: [503] }
rate_limits: [{ limit: 2, interval_seconds: 60, scope: per_account }]
`,
  bearer,
);

async function start(routes: Parameters<typeof line>[1], yaml: string = one): Promise<Line> {
  open = await line(yaml, routes, {
    connect: { profile: "bearer", credentials: { token: "secret-token" } },
  });
  return open;
}

describe("a request that no operation describes", () => {
  it("goes to the connector's origin with its credentials, its constant headers, and every value encoded", async () => {
    const { connection, server } = await start({
      "POST /api/undocumented/:id": requireBearer(accepts, json({ made: 1 }, { status: 201 })),
    });
    const result = await connection.request({
      method: "POST",
      path: "/api/undocumented/a%20b",
      query: { q: "x&y=1", page: 2, tags: ["t1", "t 2"], absent: undefined },
      headers: { "X-Extra": "yes" },
      body: { name: "Ada", list: [1, null] },
    });
    expect(result).toMatchObject({ data: { made: 1 }, status: 201, attempts: 1 });
    const [request] = server.requests;
    expect(request?.target).toBe("/api/undocumented/a%20b?q=x%26y%3D1&page=2&tags=t1&tags=t%202");
    expect(request?.headers).toMatchObject({
      authorization: "Bearer secret-token",
      "x-version": "2",
      "x-extra": "yes",
      "content-type": "application/json",
    });
    expect(request?.headers).not.toHaveProperty("x-trace");
    expect(JSON.parse(String(request?.body))).toEqual({ name: "Ada", list: [1, null] });
  });

  it("takes text and bytes as bodies, and reads an answer as it is told", async () => {
    const { connection, server } = await start({ "PUT /api/note": text("kept") });
    const put = (body: unknown, headers?: Record<string, string>) =>
      connection.request({
        method: "PUT",
        path: "/api/note",
        body,
        responseType: "text",
        ...(headers ? { headers } : {}),
      });
    expect((await put("a,b\n1,2", { "content-type": "text/csv" })).data).toBe("kept");
    await put(new Uint8Array([1, 2]));
    expect(server.requests.map(({ headers }) => headers["content-type"])).toEqual([
      "text/csv",
      "application/octet-stream",
    ]);
    expect(String(server.requests[0]?.body)).toBe("a,b\n1,2");
  });

  it("counts against the limits of the connector's operations", async () => {
    const { connection, server, clock } = await start({
      "GET /api/items": json([]),
      "GET /api/other": json({}),
    });
    await connection.call("list_items");
    await connection.request({ method: "GET", path: "/api/other" });
    const third = connection.request({ method: "GET", path: "/api/other" }, { timeoutMs: 90_000 });
    await expect.poll(() => clock.pending()).toBeGreaterThan(0);
    expect(server.requests).toHaveLength(2);
    await clock.advance(60_000);
    expect((await third).status).toBe(200);
  });

  it("is tried again where that is safe, and a POST is not", async () => {
    const { connection, clock } = await start(
      { "GET /api/shaky": status(503), "POST /api/shaky": status(503) },
      one.replace("limit: 2,", "limit: 20,"),
    );
    const get = connection.request({ method: "GET", path: "/api/shaky" }).catch((error: unknown) => error);
    await expect.poll(() => clock.pending()).toBeGreaterThan(0);
    await clock.advance(20_000);
    expect(await get).toMatchObject({ status: 503, attempts: 2 });
    expect(
      await connection
        .request({ method: "POST", path: "/api/shaky", body: {} })
        .catch((error: unknown) => error),
    ).toMatchObject({ status: 503, attempts: 1, connector: "test-api", operation: "POST /api/shaky" });
  });

  it.each([
    ["//evil.example/x", /`path` must begin with one/],
    ["https://evil.example/x", /`path` must begin with one/],
    ["/a/../admin", /`\.\.` segment/],
    ["/a/%2e%2E/admin", /`\.\.` segment/],
    ["/a?b=c", /goes into `query`/],
    ["/a#b", /percent-encoded/],
    ["/a b", /percent-encoded/],
    ["/a%zz", /percent-encoded/],
    ["/a\\b", /percent-encoded/],
  ])("refuses the path %s, and sends nothing", async (path, sentence) => {
    const { connection, server } = await start({});
    await expect(connection.request({ method: "GET", path })).rejects.toMatchObject({
      code: "invalid_parameters",
      message: expect.stringMatching(sentence),
      details: { parameter: "path" },
    });
    expect(server.requests).toEqual([]);
  });

  it("refuses headers that frame a message, break its lines, or no methods of HTTP", async () => {
    const { connection, server } = await start({});
    const request = (more: object) => connection.request({ method: "GET", path: "/a", ...more });
    await expect(request({ headers: { Host: "evil.example" } })).rejects.toThrow(/"Host" cannot be set/);
    await expect(request({ headers: { "a b": "1" } })).rejects.toThrow(/"a b" cannot be set/);
    await expect(request({ headers: { a: "1\r\nb: 2" } })).rejects.toMatchObject({
      code: "invalid_parameters",
    });
    await expect(request({ method: "CONNECT" })).rejects.toThrow(/`method` is none of/);
    expect(server.requests).toEqual([]);
  });

  it("asks which operation to follow where they go to several origins", async () => {
    const two = one.replace(
      "rate_limits:",
      `  - operation_id: other
    endpoint: https://other.example/x
    summary: Elsewhere
    auth_type_ref: bearer
    auth_headers: { Authorization: "Bearer {token}" }
rate_limits:`,
    );
    const { connection } = await start({ "GET /api/x": json(1) }, two);
    const request = { method: "GET", path: "/api/x" } as const;
    await expect(connection.request(request)).rejects.toThrow(/several origins.*`list_items` and `other`/);
    await expect(connection.request({ ...request, like: "list_item" })).rejects.toThrow(/list_items/);
    expect((await connection.request({ ...request, like: "list_items" })).data).toBe(1);
  });
});
