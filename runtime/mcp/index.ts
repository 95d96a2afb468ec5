/** `connectorc/mcp`: connectors as MCP servers. Needs `@modelcontextprotocol/server`, and `@modelcontextprotocol/node` for HTTP. */

export type { ListedTool } from "../../schema/mcp/listing.ts";
export type { ToolText } from "../../schema/mcp/tool.ts";
export type { Gate, GateGrant, GateRequest } from "../gate/gate.ts";
export { type AccessTokens, jwtAccessTokens } from "./access-token.ts";
export { fixedToken, type VerifyToken } from "./bearer.ts";
export type { ToolCaller } from "./caller.ts";
export { type HttpServing, type HttpServingOptions, serveToolsOverHttp } from "./http.ts";
export type { HttpAuth } from "./http-guard.ts";
export { reportTools, type ToolReport } from "./report.ts";
export { type StdioServing, serveToolsOverStdio } from "./stdio.ts";
export { changesSince, lockTools, readToolLock, type ToolChanges, type ToolLock } from "./tool-lock.ts";
export { createToolServer, type ToolServer, type ToolServerOptions } from "./tool-server.ts";
export type { ServedConnector, ToolSelection } from "./tool-set.ts";
