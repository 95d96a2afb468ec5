/**
 * An MCP server as a child process: `modern` speaks both revisions, `legacy` only the one with a handshake, and ends at a
 * message before it. With `STUCK` it ends neither with its input nor at SIGTERM. What a call answers, its `shop` says.
 */
import process from "node:process";
import { answer, tools } from "./tools.mjs";

const [kind] = process.argv.slice(2);
const heard = { lists: 0, cancelled: 0 };

if (process.env.STUCK) {
  process.on("SIGTERM", () => {});
  setInterval(() => {}, 1_000);
}

function call({ params }) {
  const json = (value) => ({ content: [{ type: "text", text: JSON.stringify(value) }] });
  switch (params.arguments?.shop) {
    case "exit":
      process.exit(3);
      break;
    case "complain":
      process.stderr.write(`one\r\n${"x".repeat(9000)}\nthree\n`);
      return json([]);
    case "flood":
      for (let at = 0; at < 2000; at++) process.stderr.write(`${"y".repeat(1023)}\n`);
      return json([]);
    case "env":
      return json(Object.keys(process.env).sort());
    case "pid":
      return json([process.pid]);
    case "heard":
      return json([heard]);
    case "announce":
      process.stdout.write('{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}\n');
      return json([]);
    case "hang":
      return new Promise(() => {});
  }
  return answer(params.name, params.arguments ?? {});
}

/** What is read before the server listens is lost to it: this begins with it. */
function listen() {
  process.stdin.on("data", (chunk) => {
    for (const line of String(chunk).split("\n")) {
      if (line.includes('"notifications/cancelled"')) heard.cancelled++;
      if (line.includes('"tools/list"')) heard.lists++;
    }
  });
}

if (kind === "modern") {
  const { Server } = await import("@modelcontextprotocol/server");
  const { serveStdio } = await import("@modelcontextprotocol/server/stdio");
  listen();
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
  listen();
  let greeted = false;
  process.stdin.on("data", (chunk) => {
    if (!greeted && !String(chunk).includes('"initialize"')) process.exit(1);
    greeted = true;
  });
  await server.connect(new StdioServerTransport());
}
