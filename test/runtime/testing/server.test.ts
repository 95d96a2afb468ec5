import { request as httpRequest } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import type { Routes, ServerOptions, TestServer } from "../../../runtime/testing/index.ts";
import {
  createFakeClock,
  json,
  pages,
  rateLimited,
  requireBasic,
  requireHeader,
  sequence,
  startServer,
  status,
  text,
  tokenEndpoint,
} from "../../../runtime/testing/index.ts";

const open: TestServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function serving(routes: Routes, options: ServerOptions = {}): Promise<TestServer> {
  const server = await startServer(routes, options);
  open.push(server);
  return server;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly text: string;
  readonly json: unknown;
}

/** A foreign client, so that the bench is not measured by the transport that it measures. */
function ask(
  server: TestServer,
  line: string,
  headers: { [name: string]: string } = {},
  body = "",
): Promise<Answer> {
  const [method = "GET", path = "/"] = line.split(" ");
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: server.host, port: server.port, method, path, headers },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const content = Buffer.concat(chunks).toString();
          const isJson = response.headers["content-type"] === "application/json";
          resolve({
            status: response.statusCode,
            headers: response.headers,
            text: content,
            json: isJson ? JSON.parse(content) : undefined,
          });
        });
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

describe("routes", () => {
  it("match method, path parts and rests, the first that fits", async () => {
    const server = await serving({
      "GET /users/me": text("me"),
      "GET /users/:id": (_request, { params }) => json(params),
      "* /files/*": (request) => text(`${request.method} rest`),
      "GET /boom": () => {
        throw new Error("by the handler");
      },
    });
    expect((await ask(server, "GET /users/me")).text).toBe("me");
    expect((await ask(server, "GET /users/a%2Fb?x=1")).json).toEqual({ id: "a/b" });
    expect((await ask(server, "PUT /files/a/b")).text).toBe("PUT rest");
    expect((await ask(server, "GET /users/1/more")).status).toBe(404);
    expect((await ask(server, "POST /users/1")).json).toEqual({ message: "no route for POST /users/1" });
    expect(await ask(server, "GET /boom")).toMatchObject({ status: 500, text: "by the handler" });
    server.reply({ "GET /users/me": status(204) });
    expect((await ask(server, "GET /users/me")).status).toBe(204);
  });

  it("refuse a key that is none", async () => {
    await expect(startServer({ "/users": json(1) })).rejects.toThrow("METHOD /path");
  });

  it("count their requests", async () => {
    const server = await serving({ "GET /n": (_request, { count }) => json(count) });
    await ask(server, "GET /n");
    expect((await ask(server, "GET /n")).json).toBe(2);
  });
});

describe("the log", () => {
  it("keeps what came, as it came", async () => {
    const clock = createFakeClock(1_000);
    const server = await serving({ "* /*": json({}) }, { clock });
    await ask(
      server,
      "POST /a%20b?x=1&x=2",
      { "X-Odd": "Value", "content-type": "application/json" },
      `{"n":1}`,
    );
    await ask(server, "POST /form", {}, "a=1&b=%20");
    const [first, second] = server.requests;
    expect(first).toMatchObject({
      number: 1,
      method: "POST",
      path: "/a%20b",
      target: "/a%20b?x=1&x=2",
      json: { n: 1 },
      at: clock.now(),
    });
    expect(first?.query.getAll("x")).toEqual(["1", "2"]);
    expect(first?.headers["x-odd"]).toBe("Value");
    expect(first?.rawHeaders).toContainEqual(["X-Odd", "Value"]);
    expect([second?.json, second?.form.get("b")]).toEqual([undefined, " "]);
    expect([server.times("/form"), server.times("GET /form"), server.times("POST /form")]).toEqual([1, 0, 1]);
  });
});

describe("replies", () => {
  it("come in sequence, the last one for good", async () => {
    const server = await serving({ "GET /": sequence(status(503), rateLimited(7), json("done")) });
    const seen: unknown[] = [];
    for (let n = 0; n < 4; n++) seen.push((await ask(server, "GET /")).status);
    expect(seen).toEqual([503, 429, 200, 200]);
  });

  it("come as late as they are told, by the server's clock", async () => {
    const clock = createFakeClock();
    const server = await serving({ "GET /": json(1, { delayMs: 5_000 }) }, { clock });
    let answered = false;
    const asked = ask(server, "GET /").then(() => {
      answered = true;
    });
    while (clock.pending() === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(4_999);
    expect(answered).toBe(false);
    await clock.advance(1);
    await asked;
  });

  it("are guarded by headers and Basic authentication", async () => {
    const server = await serving({
      "GET /key": requireHeader("X-Key", "k", json(1)),
      "GET /basic": requireBasic("ü", "p:w", json(1)),
    });
    expect((await ask(server, "GET /key")).status).toBe(401);
    expect((await ask(server, "GET /key", { "x-key": "k" })).status).toBe(200);
    const pair = Buffer.from("ü:p:w").toString("base64");
    expect((await ask(server, "GET /basic", { authorization: `Basic ${pair}` })).status).toBe(200);
    expect((await ask(server, "GET /basic", { authorization: "Basic x" })).status).toBe(401);
  });
});

describe("pages", () => {
  const items = Array.from({ length: 25 }, (_, n) => n);

  /** Reads all pages by the rule of each kind, the way that an author of a client would. */
  async function readAll(server: TestServer, kind: string): Promise<unknown[]> {
    const all: unknown[] = [];
    let path: string | undefined = "/list?limit=10";
    for (let page = 1; path !== undefined && page < 10; page++) {
      const answer: Answer = await ask(server, `GET ${path}`);
      const body = answer.json as { items: unknown[]; next?: string | null };
      all.push(...body.items);
      const link = /<http:\/\/[^/]+([^>]+)>; rel="next"/.exec(String(answer.headers.link))?.[1];
      if (kind === "cursor") path = body.next ? `/list?limit=10&cursor=${body.next}` : undefined;
      else if (kind === "next_url") path = body.next ? body.next.replace(server.origin, "") : undefined;
      else if (kind === "link") path = link;
      else
        path =
          body.items.length < 10
            ? undefined
            : `/list?limit=10&${kind}=${kind === "page" ? page + 1 : all.length}`;
    }
    return all;
  }

  it.each(["cursor", "offset", "page", "link", "next_url"] as const)(
    "of kind %s give each item once",
    async (kind) => {
      const server = await serving({ "GET /list": pages(items, { kind }) });
      expect(await readAll(server, kind)).toEqual(items);
      expect(server.times("/list")).toBe(3);
    },
  );

  it("refuse a place that makes no sense, and say the total where asked", async () => {
    const server = await serving({ "GET /list": pages(() => items, { kind: "page", total: true, size: 4 }) });
    expect((await ask(server, "GET /list?page=0")).status).toBe(400);
    expect((await ask(server, "GET /list?page=x")).status).toBe(400);
    expect((await ask(server, "GET /list")).json).toEqual({ items: [0, 1, 2, 3], total: 25 });
    expect((await ask(server, "GET /list?page=99")).json).toEqual({ items: [], total: 25 });
  });
});

describe("tokens", () => {
  it("end by the clock", async () => {
    const clock = createFakeClock();
    const tokens = tokenEndpoint({ clock, ttlSeconds: 60 });
    const server = await serving(
      { "POST /token": tokens.handler, "GET /me": tokens.protect(json("Ada")) },
      { clock },
    );
    const issued = await ask(server, "POST /token");
    expect(issued.json).toEqual({ access_token: "token-1", token_type: "Bearer", expires_in: 60 });
    const authorization = "Bearer token-1";
    expect((await ask(server, "GET /me", { authorization })).json).toBe("Ada");
    await clock.advance(60_000);
    expect((await ask(server, "GET /me", { authorization })).status).toBe(401);
    expect((await ask(server, "GET /me")).status).toBe(401);
    expect(tokens.issued).toBe(1);
  });

  it("of single use serve once, and revoked ones never", async () => {
    const tokens = tokenEndpoint({ singleUse: true });
    const server = await serving({ "POST /token": tokens.handler, "GET /me": tokens.protect(json(1)) });
    await ask(server, "POST /token");
    const seen: unknown[] = [];
    for (let n = 0; n < 2; n++)
      seen.push((await ask(server, "GET /me", { authorization: "Bearer token-1" })).status);
    await ask(server, "POST /token");
    tokens.revokeAll();
    seen.push((await ask(server, "GET /me", { authorization: "Bearer token-2" })).status);
    expect(seen).toEqual([200, 401, 401]);
  });

  it("rotate: a refresh token used twice ends them all", async () => {
    const tokens = tokenEndpoint({ rotation: true });
    const server = await serving({ "POST /token": tokens.handler, "GET /me": tokens.protect(json(1)) });
    const refresh = (token: string): Promise<Answer> =>
      ask(server, "POST /token", {}, `grant_type=refresh_token&refresh_token=${token}`);
    expect((await ask(server, "POST /token")).json).toMatchObject({ refresh_token: "refresh-token-1" });
    expect((await refresh("refresh-token-1")).json).toMatchObject({
      access_token: "token-2",
      refresh_token: "refresh-token-2",
    });
    expect((await refresh("refresh-token-1")).json).toMatchObject({ error: "invalid_grant" });
    expect((await refresh("refresh-token-2")).status).toBe(400);
    expect((await ask(server, "GET /me", { authorization: "Bearer token-2" })).status).toBe(401);
  });

  it("lie about their life, refuse clients and take another shape as told", async () => {
    const server = await serving({
      "POST /odd": tokenEndpoint({ expiresIn: "0" }).handler,
      "POST /none": tokenEndpoint({ expiresIn: undefined }).handler,
      "POST /no": tokenEndpoint({ accepts: (request) => request.form.get("client_id") === "me" }).handler,
      "POST /own": tokenEndpoint({ prefix: "t", body: ({ token }) => ({ data: { token } }) }).handler,
    });
    expect((await ask(server, "POST /odd")).json).toMatchObject({ expires_in: "0" });
    expect((await ask(server, "POST /none")).json).not.toHaveProperty("expires_in");
    expect(await ask(server, "POST /no")).toMatchObject({ status: 401, json: { error: "invalid_client" } });
    expect((await ask(server, "POST /no", {}, "client_id=me")).status).toBe(200);
    expect((await ask(server, "POST /own")).json).toEqual({ data: { token: "t-1" } });
  });
});

it("the bench is importable without a test runner", async () => {
  const bench = await import("../../../runtime/testing/index.ts");
  expect(Object.keys(bench)).toEqual(
    expect.arrayContaining(["startServer", "createFakeClock", "tokenEndpoint", "pages", "gzipBomb"]),
  );
});
