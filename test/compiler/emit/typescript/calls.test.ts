import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { emitTypeScript } from "../../../../compiler/emit/typescript/index.ts";
import { createRuntime } from "../../../../runtime/index.ts";
import { connector, operation, parameter, profile } from "../support/ir.ts";
import { loadClient } from "../support/load-client.ts";

interface Call<Data> extends Promise<Data> {
  withResponse(): Promise<{
    readonly data: Data;
    readonly response: { readonly status: number; readonly attempts: number };
  }>;
}
interface Paged<Data> extends Call<Data>, AsyncIterable<number> {
  pages(): AsyncIterable<{ readonly records: readonly number[] }>;
}
interface Client {
  createIssue(params?: object, options?: object): Call<unknown>;
  listIssues(params?: object, options?: object): Paged<{ readonly issues: readonly number[] }>;
  close(): Promise<void>;
}
type Factory = (options: object, runtimeOptions?: object) => Client;

const issues = [1, 2, 3, 4, 5];
const log: string[] = [];
let server: Server;
let createAcmeDesk: Factory;
let network: { readonly allow: readonly string[] };

/** Five issues, two to a page; makes an issue; refuses a title that is missing. */
function answer({ url = "", method }: IncomingMessage, body: string): [number, unknown] {
  log.push(`${method} ${url} ${body}`.trim());
  if (method === "POST")
    return body.includes("title") ? [201, { id: 7 }] : [422, { message: "title is missing" }];
  const offset = Number(new URL(url, "http://x").searchParams.get("offset") ?? 0);
  return [200, { issues: issues.slice(offset, offset + 2) }];
}

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const [status, value] = answer(request, body);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = {
    origin: { kind: "literal", origin: `http://127.0.0.1:${port}` },
    path: { parts: ["/issues"] },
  } as const;
  const title = {
    kind: "ref",
    symbol: { kind: "parameter", name: "title" },
    context: "json",
    optional: true,
    secret: false,
    type: "string",
  } as const;
  const body = {
    content_type: "json",
    media_type: "application/json",
    root: { kind: "object", entries: [{ key: "title", value: { kind: "value", hole: title } }] },
  } as const;
  const auth = [{ profile: "none", placement: { headers: [], query: [], cookies: [] } }];
  const ir = connector({
    profiles: [profile("none", [], { type: "none" })],
    operations: [
      operation("create_issue", {
        parameters: [parameter("title", { location: "body" })],
        auth,
        idempotent: false,
        exchange: { url, method: "POST", body },
      }),
      operation("list_issues", { pages: true, records: "$.issues", auth, exchange: { url } }),
    ],
  });
  network = { allow: [`127.0.0.1:${port}`] };
  // The generated module's own types are checked in client.test.ts.
  createAcmeDesk = (await loadClient(await emitTypeScript(ir))).createAcmeDesk as Factory;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

beforeEach(() => {
  log.length = 0;
});

async function withClient(run: (client: Client) => Promise<void>): Promise<void> {
  const client = createAcmeDesk({ profile: "none" }, { network });
  try {
    await run(client);
  } finally {
    await client.close();
  }
}

describe("a call of the emitted client", () => {
  it("goes out once, whether its data or its answer is asked for", () =>
    withClient(async (client) => {
      const call = client.createIssue({ title: "A" });
      expect(await call).toEqual({ id: 7 });
      expect(await call.withResponse()).toMatchObject({
        data: { id: 7 },
        response: { status: 201, attempts: 1 },
      });
      expect(log).toEqual(['POST /issues {"title":"A"}']);
    }));

  it("goes out even if nobody waits for it", () =>
    withClient(async (client) => {
      void client.createIssue({ title: "B" });
      while (log.length === 0) await new Promise((resolve) => setImmediate(resolve));
      expect(log).toEqual(['POST /issues {"title":"B"}']);
    }));

  it("hands a failure to whoever asked, and to nobody else", () =>
    withClient(async (client) => {
      const unhandled: unknown[] = [];
      const listen = (reason: unknown): void => void unhandled.push(reason);
      process.on("unhandledRejection", listen);
      await expect(client.createIssue()).rejects.toMatchObject({ code: "upstream_error", status: 422 });
      await expect(client.createIssue().withResponse()).rejects.toMatchObject({ status: 422 });
      expect(await client.createIssue().catch(() => "caught")).toBe("caught");
      await expect(client.createIssue().finally(() => {})).rejects.toMatchObject({ status: 422 });
      await new Promise((resolve) => setImmediate(resolve));
      process.off("unhandledRejection", listen);
      expect(unhandled).toEqual([]);
    }));

  it("that reads pages sends nothing before it is iterated, and then page after page", () =>
    withClient(async (client) => {
      const reading = client.listIssues();
      await new Promise((resolve) => setImmediate(resolve));
      expect(log).toEqual([]);
      const read: number[] = [];
      for await (const issue of reading) read.push(issue);
      expect(read).toEqual(issues);
      for await (const { records } of client.listIssues().pages()) read.push(records.length);
      expect(read.slice(5).filter((length) => length > 0)).toEqual([2, 2, 1]);
    }));

  it("that reads pages gives the first when awaited, once", () =>
    withClient(async (client) => {
      const reading = client.listIssues();
      expect(await reading).toEqual({ issues: [1, 2] });
      expect((await reading.withResponse()).response.status).toBe(200);
      expect(log).toHaveLength(1);
    }));

  it("stops the reading when the loop is left", () =>
    withClient(async (client) => {
      for await (const _ of client.listIssues()) break;
      expect(log).toHaveLength(1);
    }));
});

describe("the emitted client", () => {
  it("closes the runtime that it made", async () => {
    const client = createAcmeDesk({ profile: "none" }, { network });
    await client.close();
    await expect(client.createIssue({ title: "C" })).rejects.toThrow();
    expect(log).toEqual([]);
  });

  it("leaves a shared runtime open", async () => {
    const runtime = createRuntime({ network });
    const [one, two] = [
      createAcmeDesk({ profile: "none", runtime }),
      createAcmeDesk({ profile: "none", runtime }),
    ];
    await one.close();
    expect(await two.createIssue({ title: "D" })).toEqual({ id: 7 });
    await runtime.close();
  });
});
