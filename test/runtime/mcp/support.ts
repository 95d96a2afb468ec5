import {
  Client,
  StreamableHTTPClientTransport,
  type StreamableHTTPClientTransportOptions,
} from "@modelcontextprotocol/client";
import { onTestFinished } from "vitest";
import type { ConnectOptions, RuntimeOptions } from "../../../runtime/index.ts";
import {
  createToolServer,
  type HttpServing,
  type HttpServingOptions,
  serveToolsOverHttp,
  type ToolServer,
  type ToolServerOptions,
} from "../../../runtime/mcp/index.ts";
import type { Routes } from "../../../runtime/testing/index.ts";
import { type Line, line } from "../../support/line.ts";

/** An upstream, a tool server over its connector, and the official client. */
export interface Stage {
  readonly line: Line;
  readonly tools: ToolServer;
  readonly serving: HttpServing;
  readonly client: Client;
  /** Calls a tool and answers its structure. */
  call(name: string, given?: Record<string, unknown>): Promise<Answer>;
}

export interface Answer {
  readonly isError: boolean;
  readonly structured: Record<string, unknown>;
  readonly content: readonly { readonly type: string }[];
}

export interface StageOptions {
  readonly server?: Partial<ToolServerOptions>;
  readonly http?: HttpServingOptions;
  readonly runtime?: RuntimeOptions;
  readonly connect?: ConnectOptions;
  readonly transport?: StreamableHTTPClientTransportOptions;
}

/** `mcp_config` that offers all operations. */
export const offered = `
mcp_config: { enabled: true, server_name: test-mcp, server_description: Tools for tests. }`;

/** Serves a descriptor's tools over HTTP and connects a client; all of it is gone after the test. */
export async function stage(yaml: string, routes: Routes, options: StageOptions = {}): Promise<Stage> {
  const made = await line(yaml, routes, {
    realTime: true,
    ...(options.runtime ? { runtime: options.runtime } : {}),
    ...(options.connect ? { connect: options.connect } : {}),
  });
  onTestFinished(() => made.close());
  const tools = createToolServer({
    connectors: [{ ir: made.ir, connection: made.connection }],
    select: { allowWrites: true },
    ...options.server,
  });
  const serving = await serveToolsOverHttp(tools, options.http);
  onTestFinished(() => serving.close());
  const client = await clientOf(serving.url, options.transport);
  return { line: made, tools, serving, client, call: (name, given) => callTool(client, name, given) };
}

/** The official client, of the newest revision unless told otherwise. */
export async function clientOf(
  url: string,
  transport: StreamableHTTPClientTransportOptions = {},
  mode: "auto" | "legacy" = "auto",
): Promise<Client> {
  const client = new Client({ name: "test", version: "1.0.0" }, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), transport));
  onTestFinished(() => client.close());
  return client;
}

export async function callTool(
  client: Client,
  name: string,
  given: Record<string, unknown> = {},
): Promise<Answer> {
  const { isError = false, structuredContent, content } = await client.callTool({ name, arguments: given });
  const structured: Record<string, unknown> = { ...(structuredContent as object | undefined) };
  return { isError, structured, content };
}
