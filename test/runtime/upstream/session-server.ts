import { randomUUID } from "node:crypto";
import { Server as LegacyServer } from "@modelcontextprotocol/sdk/server/index.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { serve, type UpstreamStage } from "./support.ts";
import { answer, tools } from "./tools.mjs";

/** Of the revision with sessions alone, by the official SDK of that time; it answers by events. */
export async function sessionServer(): Promise<UpstreamStage> {
  const stage = { tools: tools() };
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const made = await serve(stage, async (request, response, body) => {
    const id = request.headers["mcp-session-id"];
    const known = typeof id === "string" ? sessions.get(id) : undefined;
    if (id !== undefined && !known) {
      response
        .writeHead(404, { "content-type": "application/json" })
        .end('{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}');
      return;
    }
    const transport =
      known ??
      new StreamableHTTPServerTransport({
        sessionIdGenerator: () => randomUUID(),
        onsessioninitialized: (session) => void sessions.set(session, transport),
      });
    if (!known) {
      const server = new LegacyServer({ name: "shop", version: "1.0.0" }, { capabilities: { tools: {} } });
      server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: stage.tools as never }));
      server.setRequestHandler(CallToolRequestSchema, ({ params }) =>
        answer(params.name, params.arguments ?? {}),
      );
      await server.connect(transport as never);
    }
    await transport.handleRequest(request, response, body);
  });
  return Object.assign(made, { forget: () => sessions.clear() });
}
