import { randomUUID } from "node:crypto";
import { Server as LegacyServer } from "@modelcontextprotocol/sdk/server/index.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { serve, type UpstreamStage } from "./support.ts";
import { answer, tools } from "./tools.mjs";

export interface SessionStage extends UpstreamStage {
  /** Sessions that their client ended. */
  ended: number;
  /** Asked before each call is answered; `signal` tells that the client gave it up. */
  before: (given: Readonly<Record<string, unknown>>, signal: AbortSignal) => Promise<void>;
  /** Tells the client of a session, on the way of an answer, that the list of tools is another. */
  announces: boolean;
}

/** Of the revision with sessions alone, by the official SDK of that time; it answers by events. */
export async function sessionServer(): Promise<SessionStage> {
  const stage: Pick<SessionStage, "tools" | "ended" | "before" | "announces"> = {
    tools: tools(),
    ended: 0,
    before: async () => {},
    announces: false,
  };
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
        onsessionclosed: (session) => {
          sessions.delete(session);
          stage.ended++;
        },
      });
    if (!known) {
      const capabilities = { tools: { listChanged: true } };
      const server = new LegacyServer({ name: "shop", version: "1.0.0" }, { capabilities });
      server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: stage.tools as never }));
      server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal, sendNotification }) => {
        await stage.before(params.arguments ?? {}, signal);
        if (stage.announces) await sendNotification({ method: "notifications/tools/list_changed" });
        return answer(params.name, params.arguments ?? {});
      });
      await server.connect(transport as never);
    }
    await transport.handleRequest(request, response, body);
  });
  return Object.assign(made as SessionStage, { forget: () => sessions.clear() });
}
