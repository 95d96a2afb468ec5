/** An MCP server as a child process: `modern` speaks both revisions, `legacy` only the one with a handshake, and ends at a message before it. */
import process from "node:process";
import { answer, tools } from "./tools.mjs";

const [kind] = process.argv.slice(2);

function call({ params }) {
  if (params.arguments?.shop === "exit") process.exit(3);
  if (params.arguments?.shop === "env")
    return { content: [{ type: "text", text: JSON.stringify(Object.keys(process.env).sort()) }] };
  if (params.arguments?.shop === "pid")
    return { content: [{ type: "text", text: JSON.stringify([process.pid]) }] };
  if (params.arguments?.shop === "hang") return new Promise(() => {});
  return answer(params.name, params.arguments ?? {});
}

if (kind === "modern") {
  const { Server } = await import("@modelcontextprotocol/server");
  const { serveStdio } = await import("@modelcontextprotocol/server/stdio");
  serveStdio(() => {
    const server = new Server({ name: "child", version: "1.0.0" }, { capabilities: { tools: {} } });
    server.setRequestHandler("tools/list", () => ({ tools: tools() }));
    server.setRequestHandler("tools/call", call);
    return server;
  });
} else {
  const { Server } = await import("@modelcontextprotocol/sdk/server/index.js");
  const { StdioServerTransport } = await import("@modelcontextprotocol/sdk/server/stdio.js");
  const { CallToolRequestSchema, ListToolsRequestSchema } = await import("@modelcontextprotocol/sdk/types.js");
  const server = new Server({ name: "child", version: "1.0.0" }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools() }));
  server.setRequestHandler(CallToolRequestSchema, call);
  let greeted = false;
  process.stdin.on("data", (chunk) => {
    if (!greeted && !String(chunk).includes('"initialize"')) process.exit(1);
    greeted = true;
  });
  await server.connect(new StdioServerTransport());
}
