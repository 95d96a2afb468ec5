import { expect, onTestFinished, test, vi } from "vitest";
import type { ConnectOptions } from "../../../runtime/index.ts";
import { type ReceivedRequest, type Reply, startServer } from "../../../runtime/testing/index.ts";
import { connected, overHttp, shop } from "./support.ts";
import { tools } from "./tools.mjs";

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

const messageOf = ({ json }: ReceivedRequest) => (json ?? {}) as Message;

/** A server with sessions (MCP 2025-11-25), its tools listed by one a page; `call` answers their calls. */
async function sessions(
  call: (message: Message) => Reply,
  options: { readonly yaml?: string; readonly connect?: ConnectOptions } = {},
) {
  const listed = tools();
  const server = await startServer((request): Reply => {
    if (request.method === "DELETE") return { status: 200 };
    const message = messageOf(request);
    const { id, method, params } = message;
    const result = (value: object, headers = {}): Reply => ({
      json: { jsonrpc: "2.0", id, result: value },
      headers,
    });
    if (request.path.endsWith("/token"))
      return { json: { access_token: "issued-token", token_type: "Bearer", expires_in: 3600 } };
    if (method === "server/discover") return { status: 400 };
    if (method === "initialize")
      return result({ protocolVersion: "2025-11-25", capabilities: {} }, { "mcp-session-id": "s1" });
    if (method?.startsWith("notifications/")) return { status: 202 };
    if (method === "tools/call") return call(message);
    const at = Number(params?.cursor ?? 0);
    const next = at + 1 < listed.length ? { nextCursor: String(at + 1) } : {};
    return result({ tools: [listed[at]], ...next });
  });
  onTestFinished(() => server.close());
  const connection = await connected(options.yaml ?? shop(overHttp), {
    runtime: { network: { allow: [server.host] } },
    connect: { config: { base_url: `${server.origin}/mcp` }, ...options.connect },
  });
  const messages = () => server.requests.map(messageOf);
  return { server, connection, messages };
}

const empty = ({ id }: Message): Reply => ({ json: { jsonrpc: "2.0", id, result: { content: [] } } });

test("each request of a session has a number of its own, also one that goes again", async () => {
  let calls = 0;
  const { connection, messages } = await sessions((message) =>
    calls++ === 0 ? { status: 503 } : empty(message),
  );
  const results = await Promise.all([1, 2, 3].map(() => connection.call("count")));
  expect(results.map(({ data }) => data)).toEqual([null, null, null]);
  const ids = messages().flatMap(({ method, id }) =>
    method !== "server/discover" && id !== undefined ? [id] : [],
  );
  expect(ids).toHaveLength(8);
  expect(new Set(ids).size).toBe(8);
});

test("a server with sessions is told of a call that is given up, and of the end of its session", async () => {
  const { connection, messages, server } = await sessions(() => ({ raw: () => {} }));
  const abort = new AbortController();
  const given = connection.attempt("count", {}, { signal: abort.signal });
  await vi.waitFor(() => expect(messages().some(({ method }) => method === "tools/call")).toBe(true));
  abort.abort();
  expect(await given).toMatchObject({ ok: false, error: { code: "aborted" } });
  await vi.waitFor(() => expect(messages().at(-1)?.method).toBe("notifications/cancelled"));
  const asked = messages().find(({ method }) => method === "tools/call");
  expect(messages().at(-1)?.params?.requestId).toBe(asked?.id);
  expect(server.requests.at(-1)?.headers["mcp-session-id"]).toBe("s1");
});

test("a list of tools that comes in pages is read to its end", async () => {
  const { connection, messages } = await sessions(empty);
  expect((await connection.upstreamTools()).map(({ name }) => name)).toEqual(tools().map(({ name }) => name));
  expect(
    messages().flatMap(({ method, params }) => (method === "tools/list" ? [params?.cursor] : [])),
  ).toEqual([undefined, "1", "2"]);
});

test("a profile of OAuth fetches its token once, and every message to the server bears it", async () => {
  const profile = `[{ type: oauth2_client_credentials, oauth: { token_url: "{base_url}/token" } }]`;
  const { connection, server } = await sessions(empty, {
    yaml: shop(overHttp, "", profile),
    connect: { credentials: { client_id: "shop", client_secret: "s3cret" } },
  });
  await Promise.all([1, 2].map(() => connection.call("count")));
  const [first, ...rest] = server.requests;
  expect(first?.path).toBe("/mcp/token");
  expect(new Set(rest.map(({ headers }) => headers.authorization))).toEqual(new Set(["Bearer issued-token"]));
});
