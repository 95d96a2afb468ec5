/** Clients of 2025-11-25 over HTTP, whose users are asked in the middle of a call. */
import { Client as EarlierClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as EarlierTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport as EarlierWire } from "@modelcontextprotocol/sdk/shared/transport.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { describe, expect, it, onTestFinished } from "vitest";
import type { VerifyToken } from "../../../runtime/mcp/index.ts";
import { createFakeClock } from "../../../runtime/testing/index.ts";
import { asking, guarded } from "./guarded.ts";
import { callTool, clientOf } from "./support.ts";

const rules = [{ action: "confirm" }];
const consenting = { content: { consent: true } };
const accept = "application/json, text/event-stream";
const header = "mcp-session-id";

/** A token is the name of its tenant. */
const byTenant: VerifyToken = async (token) => ({
  token,
  clientId: "agent",
  scopes: [],
  expiresAt: Math.floor(Date.now() / 1000) + 3600,
  extra: { "connectorc/tenant": token },
});

interface Sent {
  readonly session?: string;
  readonly token?: string;
  readonly method?: string;
}

/** What a client of 2025-11-25 sends. */
function send(url: string, message: object | undefined, { session, token, method = "POST" }: Sent = {}) {
  return fetch(url, {
    method,
    headers: {
      accept,
      "content-type": "application/json",
      ...(session === undefined ? {} : { [header]: session, "mcp-protocol-version": "2025-11-25" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(message === undefined ? {} : { body: JSON.stringify({ jsonrpc: "2.0", ...message }) }),
  });
}

/** Begins a session as a client that has forms, and answers its id; undefined where none was given. */
async function begin(url: string, token?: string, capabilities: object = { elicitation: {} }) {
  const response = await send(
    url,
    {
      id: 1,
      method: "initialize",
      params: {
        protocolVersion: "2025-11-25",
        capabilities,
        clientInfo: { name: "test", version: "1" },
      },
    },
    token === undefined ? {} : { token },
  );
  await response.text();
  return response.headers.get(header) ?? undefined;
}

const list = { id: 2, method: "tools/list" };

async function statusOf(url: string, sent: Sent, message: object | undefined = list): Promise<number> {
  const response = await send(url, message, sent);
  await response.body?.cancel();
  return response.status;
}

describe("a client of 2025-11-25 over HTTP whose user may be asked", () => {
  it("asks in the stream of the call, and runs once consent is given", async () => {
    const { serving, line, decisions } = await guarded(rules);
    const heard: string[] = [];
    const client = await asking(serving.url, consenting, heard, "legacy");
    expect(client.getNegotiatedProtocolVersion()).toBe("2025-11-25");
    expect((await callTool(client, "close", { id: "7" })).structured).toEqual({ closed: 7 });
    expect(heard).toEqual(['Close a ticket (close)\nid: "7"']);
    expect(decisions()).toEqual(["unanswered", "confirmed"]);
    expect(line.server.requests).toHaveLength(1);
  });

  it("does not run where the user says no", async () => {
    const { serving, line, decisions } = await guarded(rules);
    const client = await asking(serving.url, { action: "decline" }, [], "legacy");
    expect((await callTool(client, "close", { id: "7" })).structured.error).toMatchObject({
      code: "policy_denied",
    });
    expect(decisions()).toEqual(["unanswered", "declined"]);
    expect(line.server.requests).toEqual([]);
  });

  it("is served with the official client of the first generation too", async () => {
    const { serving, decisions } = await guarded(rules);
    const client = new EarlierClient(
      { name: "test", version: "1.0.0" },
      { capabilities: { elicitation: {} } },
    );
    client.setRequestHandler(ElicitRequestSchema, () => ({ action: "accept" as const, ...consenting }));
    // Its own types disagree where properties are optional.
    await client.connect(new EarlierTransport(new URL(serving.url)) as EarlierWire);
    onTestFinished(() => client.close());
    const answer = await client.callTool({ name: "close", arguments: { id: "7" } });
    expect(answer.structuredContent).toEqual({ closed: 7 });
    expect(decisions()).toEqual(["unanswered", "confirmed"]);
  });

  it("has a session, and no other client has one", async () => {
    const { serving } = await guarded(rules);
    expect(await begin(serving.url)).toMatch(/^[0-9a-f-]{36}$/);
    expect(await begin(serving.url, undefined, {})).toBeUndefined();
    expect(await begin(serving.url, undefined, { elicitation: { url: {} } })).toBeUndefined();
    // Served all the same, by itself.
    expect((await (await clientOf(serving.url, {}, "legacy")).listTools()).tools).toHaveLength(1);
  });
});

describe("a session", () => {
  it("takes requests of its own caller alone: to any other, and after its end, there is none", async () => {
    const { serving } = await guarded(rules, {
      http: { auth: { verify: byTenant } },
      transport: { requestInit: { headers: { authorization: "Bearer acme" } } },
    });
    const session = await begin(serving.url, "acme");
    if (session === undefined) throw new Error("no session was given");
    expect(await statusOf(serving.url, { session, token: "acme" })).toBe(200);
    expect(await statusOf(serving.url, { session, token: "evil" })).toBe(404);
    expect(await statusOf(serving.url, { session })).toBe(401);
    expect(await statusOf(serving.url, { session: `${session}0`, token: "acme" })).toBe(404);
    const reply = { id: 0, result: { action: "accept", ...consenting } };
    expect(await statusOf(serving.url, { session, token: "evil" }, reply)).toBe(404);
    const bye = (token: string) => send(serving.url, undefined, { session, token, method: "DELETE" });
    expect((await bye("evil")).status).toBe(404);
    expect((await bye("acme")).status).toBe(200);
    expect(await statusOf(serving.url, { session, token: "acme" })).toBe(404);
  });

  it("ends where it idles too long, but not while a stream of it is open", async () => {
    const clock = createFakeClock();
    const { serving } = await guarded(rules, { http: { clock, sessionMs: 1000 } });
    const [idle, open] = [await begin(serving.url), await begin(serving.url)];
    if (idle === undefined || open === undefined) throw new Error("no session was given");
    const stream = await send(serving.url, undefined, { session: open, method: "GET" });
    expect(stream.status).toBe(200);
    await clock.advance(1001);
    expect(await statusOf(serving.url, { session: idle })).toBe(404);
    expect(await statusOf(serving.url, { session: open })).toBe(200);
    await stream.body?.cancel();
  });

  it("makes room for a new one of its caller, and never for another's while there is room", async () => {
    const { serving } = await guarded(rules, {
      http: { maxSessions: 32, auth: { verify: byTenant } },
      transport: { requestInit: { headers: { authorization: "Bearer acme" } } },
    });
    const begun = async (token: string) => (await begin(serving.url, token)) ?? "none";
    const other = await begun("other");
    const [first, second, third] = [await begun("acme"), await begun("acme"), await begun("acme")];
    const statuses = await Promise.all(
      [first, second, third].map((session) => statusOf(serving.url, { session, token: "acme" })),
    );
    expect(statuses).toEqual([404, 200, 200]);
    expect(await statusOf(serving.url, { session: other, token: "other" })).toBe(200);
  });
});
