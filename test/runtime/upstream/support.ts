import { createHash } from "node:crypto";
import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { type NodeIncomingMessageLike, toNodeHandler } from "@modelcontextprotocol/node";
import { type CallToolResult, createMcpHandler, Server, type Tool } from "@modelcontextprotocol/server";
import { onTestFinished } from "vitest";
import {
  type Connection,
  type ConnectOptions,
  createRuntime,
  type RuntimeOptions,
} from "../../../runtime/index.ts";
import { type ForeignTool, lockedText } from "../../../schema/mcp/upstream-tool.ts";
import { irOf } from "../../support/line.ts";
import { answer, tools } from "./tools.mjs";

/** An upstream server whose list of tools a test may change. */
export interface UpstreamStage {
  readonly url: string;
  readonly host: string;
  tools: Record<string, unknown>[];
  /** Of each request: its headers, and the method of its message. */
  readonly seen: { readonly method: string; readonly headers: IncomingMessage["headers"] }[];
  /** Forgets all sessions. */
  forget(): void;
}

/** Of the newest revision, by the official SDK; also the one with sessions, without them. `says` is what each call answers. */
export async function statelessServer(says?: () => CallToolResult): Promise<UpstreamStage> {
  const stage = { tools: tools() };
  const handler = createMcpHandler(() => {
    const server = new Server({ name: "shop", version: "1.0.0" }, { capabilities: { tools: {} } });
    server.setRequestHandler("tools/list", () => ({ tools: stage.tools as unknown as Tool[] }));
    server.setRequestHandler(
      "tools/call",
      ({ params }) => says?.() ?? answer(params.name, params.arguments ?? {}),
    );
    return server;
  });
  const listener = toNodeHandler(handler);
  return serve(stage, (request, response, body) =>
    listener(request as NodeIncomingMessageLike, response, body),
  );
}

/** Serves what a test stages on a free port, until the test ends. */
export async function serve(
  stage: { tools: Record<string, unknown>[] },
  handle: (request: IncomingMessage, response: ServerResponse, body: unknown) => Promise<void>,
): Promise<UpstreamStage> {
  const seen: UpstreamStage["seen"] = [];
  const http: HttpServer = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    request.on("end", () => {
      const body: unknown = chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString());
      seen.push({
        method: (body as { method?: string } | undefined)?.method ?? "",
        headers: request.headers,
      });
      void handle(request, response, body);
    });
  });
  await new Promise<void>((resolve) => {
    http.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    http.close();
    http.closeAllConnections();
  });
  const { port } = http.address() as AddressInfo;
  return Object.assign(stage, {
    url: `http://127.0.0.1:${port}/mcp`,
    host: `127.0.0.1:${port}`,
    seen,
    forget: () => {},
  });
}

/** The hash of a tool of the list, as an operation names it. */
export function hashOf(name: string, among: readonly Record<string, unknown>[] = tools()): string {
  const tool = among.find((one) => one.name === name);
  return `sha256:${createHash("sha256")
    .update(lockedText(tool as unknown as ForeignTool))
    .digest("hex")}`;
}

/** A connector of the tools in `tools.mjs`; `upstream` is its section. */
export function shop(upstream: string, more = "", authentication = "[{ type: none }]"): string {
  const ref = /type: (\w+)/.exec(authentication)?.[1] ?? "none";
  return `metadata: { name: Shop, slug: shop, description: Orders of a shop., publisher: Tests }
${upstream}
authentication: ${authentication}
operations:
  - operation_id: list_orders
    summary: List orders
    auth_type_ref: ${ref}
    side_effecting: false
    tool: { name: orders.list, hash: "${hashOf("orders.list")}" }
    parameters:
      - { name: shop, location: body, required: true }
      - { name: most, wire_name: limit, location: body, field_type: integer }
    response: { records_path: "$.orders" }
  - operation_id: create_order
    summary: Create an order
    auth_type_ref: ${ref}
    tool: { name: orders.create, hash: "${hashOf("orders.create")}" }
    parameters: [{ name: shop, location: body }]
  - operation_id: count
    summary: Count
    auth_type_ref: ${ref}
    side_effecting: false
    tool: { name: count, hash: "${hashOf("count")}" }
    parameters: [{ name: text, location: body }]
${more}`;
}

export const overHttp = `base_url: "{base_url}"
connection_config: [{ key: base_url, label: Address }]
mcp_upstream: { type: streamable_http }`;

/** Compiles and connects; closed after the test. */
export async function connected(
  yaml: string,
  { runtime = {}, connect = {} }: { readonly runtime?: RuntimeOptions; readonly connect?: ConnectOptions },
): Promise<Connection> {
  const ir = await irOf(yaml);
  const made = createRuntime(runtime);
  onTestFinished(() => made.close());
  return made.connect(ir, connect);
}

/** Connected to a server of this file. */
export function connectedTo(
  stage: UpstreamStage,
  yaml: string = shop(overHttp),
  connect: ConnectOptions = {},
): Promise<Connection> {
  return connected(yaml, {
    runtime: { network: { allow: [stage.host] } },
    connect: { ...connect, config: { base_url: stage.url } },
  });
}
