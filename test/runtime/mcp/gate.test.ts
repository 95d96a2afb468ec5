import { PassThrough } from "node:stream";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { describe, expect, it, onTestFinished } from "vitest";
import { createGate, type Receipt, readPolicy } from "../../../runtime/gate/index.ts";
import { createToolServer, serveToolsOverHttp, serveToolsOverStdio } from "../../../runtime/mcp/index.ts";
import { descriptor, line } from "../../support/line.ts";
import { asking, clientThat, guarded } from "./guarded.ts";
import { callTool, clientOf, offered } from "./support.ts";

describe("a tool that needs consent", () => {
  const rules = [{ action: "confirm" }];

  it("asks the client's user, who sees what is to be done, and runs once it is given", async () => {
    const { serving, line, decisions } = await guarded(rules);
    const heard: string[] = [];
    const client = await asking(serving.url, { content: { consent: true } }, heard);
    expect((await callTool(client, "close", { id: "7" })).structured).toEqual({ closed: 7 });
    expect(heard).toEqual(['Close a ticket (close)\nid: "7"']);
    expect(decisions()).toEqual(["unanswered", "confirmed"]);
    expect(line.server.requests).toHaveLength(1);
  });

  it.each([
    ["2026-07-28", "auto" as const],
    ["2025-11-25", "legacy" as const],
  ])("asks over standard input and output too, by the revision %s", async (revision, mode) => {
    const { tools, line, decisions } = await guarded(rules);
    const [up, down] = [new PassThrough(), new PassThrough()];
    const serving = serveToolsOverStdio(tools, { input: up, output: down });
    onTestFinished(() => serving.close());
    const client = clientThat({ content: { consent: true } }, [], mode);
    // The lines of both ends are the same.
    await client.connect(new StdioServerTransport(down, up));
    expect(client.getNegotiatedProtocolVersion()).toBe(revision);
    onTestFinished(() => client.close());
    expect((await callTool(client, "close", { id: "7" })).structured).toEqual({ closed: 7 });
    expect(decisions()).toEqual(["unanswered", "confirmed"]);
    expect(line.server.requests).toHaveLength(1);
  });

  it.each([
    ["declines", { action: "decline" as const }],
    ["closes the form", { action: "cancel" as const }],
    ["says no", { content: { consent: false } }],
  ])("does not run where the user %s", async (_, answer) => {
    const { serving, line, decisions } = await guarded(rules);
    const client = await asking(serving.url, answer);
    expect((await callTool(client, "close", { id: "7" })).structured.error).toMatchObject({
      code: "policy_denied",
    });
    expect(decisions()).toEqual(["unanswered", "declined"]);
    expect(line.server.requests).toEqual([]);
  });

  it("does not run where the client cannot ask", async () => {
    const { call, line, decisions } = await guarded(rules);
    expect((await call("close", { id: "7" })).structured.error).toMatchObject({
      code: "policy_denied",
      message: expect.stringContaining("elicitation"),
    });
    expect(decisions()).toEqual(["unable"]);
    expect(line.server.requests).toEqual([]);
  });

  it("takes a consent once, and only for the call that it was asked for", async () => {
    const { serving, line: wire } = await guarded(rules);
    const rpc = async (params: object): Promise<{ resultType?: string; requestState?: string }> => {
      const meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
        "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } },
      };
      const response = await fetch(serving.url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
          "mcp-protocol-version": "2026-07-28",
          "mcp-method": "tools/call",
          "mcp-name": "close",
        },
        body: JSON.stringify({
          jsonrpc: "2.0",
          id: 1,
          method: "tools/call",
          params: { name: "close", ...params, _meta: meta },
        }),
      });
      const text = await response.text();
      return JSON.parse(/^data: (\{.*)$/m.exec(text)?.[1] ?? text).result;
    };
    const inputResponses = { consent: { action: "accept", content: { consent: true } } };
    const asked = await rpc({ arguments: { id: "7" } });
    expect(asked.resultType).toBe("input_required");
    const requestState = asked.requestState ?? "";
    const forged = requestState.replace(/^./, (first) => (first === "A" ? "B" : "A"));
    for (const given of [
      { arguments: { id: "7" }, inputResponses },
      { arguments: { id: "7" }, inputResponses, requestState: forged },
      { arguments: { id: "8" }, inputResponses, requestState },
    ])
      expect((await rpc(given)).resultType).toBe("input_required");
    expect(wire.server.requests).toEqual([]);
    const taken = { arguments: { id: "7" }, inputResponses, requestState };
    expect((await rpc(taken)).resultType).toBe("complete");
    expect((await rpc(taken)).resultType).toBe("input_required");
    expect(wire.server.requests).toHaveLength(1);
  });
});

describe("a tool under a policy", () => {
  it("is done once under the client's key", async () => {
    const { client, line, decisions } = await guarded([{ action: "allow" }]);
    const params = {
      name: "close",
      arguments: { id: "7" },
      _meta: { "connectorc/idempotency-key": "k-1" },
    };
    const [one, two] = [await client.callTool(params), await client.callTool(params)];
    expect(two.structuredContent).toEqual(one.structuredContent);
    expect(line.server.requests).toHaveLength(1);
    expect(decisions()).toEqual(["allowed", "repeated"]);
  });

  it("is known by its tool name and tags, in discovery too", async () => {
    const { call, decisions } = await guarded([{ action: "allow", tag: "tickets", tool: "close" }], {
      server: { discover: true },
    });
    const answer = await call("call_operation", { name: "close", arguments: { id: "7" } });
    expect([answer.structured, decisions()]).toEqual([{ closed: 7 }, ["allowed"]]);
  });
});

describe("two tenants of one server", () => {
  it("see nothing of each other in 200 interleaved calls, equal ones and equal keys included", async () => {
    const tokens = { "token-of-the-tenant-a": "a", "token-of-the-tenant-b": "b" } as const;
    const bearer = descriptor(
      `operations:
  - operation_id: close
    endpoint: "/tickets/{id}/close"
    method: POST
    summary: Close a ticket
    auth_type_ref: bearer
    parameters: [{ name: id, location: path, required: true }]`,
      "  - { type: bearer, fields: [{ key: token, label: Token, secret: true }] }",
    );
    const made = await line(
      `${bearer}${offered}`,
      {
        "POST /tickets/:id/close": ({ target, headers }) => ({
          // Of the tenant, but no credential: those are in no answer.
          json: { target, marker: headers.authorization?.slice(-8) },
        }),
      },
      { realTime: true, connect: { credentials: { token: "none" } } },
    );
    onTestFinished(() => made.close());
    const receipts: Receipt[] = [];
    const tools = createToolServer({
      connectors: [
        {
          ir: made.ir,
          connection: ({ tenant }) =>
            made.runtime.connect(made.ir, {
              credentials: { token: `the-token-of-marker-${tenant}` },
              config: { base_url: made.server.origin },
              identity: { tenant },
            }),
        },
      ],
      select: { allowWrites: true },
      gate: createGate({
        policy: readPolicy({
          policy_version: 1,
          rules: [{ action: "allow", entity_key: "ticket:{id}", dedup_seconds: 60 }],
        }),
        receipts: (receipt) => void receipts.push(receipt),
      }),
    });
    const serving = await serveToolsOverHttp(tools, {
      auth: {
        verify: async (token) => {
          const tenant = Object.entries(tokens).find(([known]) => known === token)?.[1] ?? "none";
          return {
            token,
            clientId: tenant,
            scopes: [],
            expiresAt: Math.floor(Date.now() / 1000) + 3600,
            extra: { "connectorc/tenant": tenant },
          };
        },
      },
    });
    onTestFinished(() => serving.close());
    const clients = await Promise.all(
      Object.keys(tokens).map((token) =>
        clientOf(serving.url, { requestInit: { headers: { authorization: `Bearer ${token}` } } }),
      ),
    );
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const tenant = index % 2;
        const client = clients[tenant];
        if (!client) throw new Error("a tenant has no client");
        // Each call twice, by both tenants, under keys that are equal too.
        const id = String(index >> 2);
        const { structured } = await callTool(client, "close", { id });
        return { ...structured, tenant: tenant === 0 ? "a" : "b", id };
      }),
    );
    for (const { tenant, id, ...answer } of answers)
      expect(answer).toEqual({ target: `/tickets/${id}/close`, marker: `marker-${tenant}` });
    expect(made.server.requests).toHaveLength(100);
    expect(JSON.stringify(receipts)).not.toContain("marker-");
    const keys = (tenant: string) =>
      new Set(receipts.filter((one) => one.tenant === tenant).map(({ key }) => key));
    expect([...keys("a")].filter((key) => keys("b").has(key))).toEqual([]);
    expect([keys("a").size, keys("b").size]).toEqual([50, 50]);
  });
});
