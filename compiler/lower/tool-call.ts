/** An operation that calls a tool of the upstream MCP server: one request of JSON-RPC (MCP 2026-07-28 and 2025-11-25, `tools/call`). */
import type { BodyNode, Entry, Exchange, ToolReference, UrlTemplate } from "../../schema/ir.ts";
import { lowerResponse } from "./answers.ts";
import { lowerBody } from "./body.ts";
import { Cursor } from "./cursor.ts";
import type { DeclaredOperation } from "./declared.ts";
import { lowerEntries } from "./entries.ts";
import { given } from "./json.ts";
import type { Lowering, Owner } from "./lowering.ts";
import { lowerSchema } from "./schemas.ts";
import type { Scope } from "./scope.ts";
import { lowerUrl } from "./url.ts";

export function lowerTool(operation: Cursor): ToolReference | undefined {
  const name = operation.at("tool").at("name").string();
  const hash = operation.at("tool").at("hash").string();
  return name === undefined || hash === undefined ? undefined : { name, hash };
}

/** Body parameters are the arguments. What depends on the session (its revision, its id) is the runtime's. */
export function lowerToolCall(
  lowering: Lowering,
  { id, at, parameters }: DeclaredOperation,
  scope: Scope,
  owner: Owner,
): Exchange | undefined {
  const place = { scope, owner };
  const url = upstreamUrl(lowering, scope, owner);
  const headers = lowerEntries(lowering, at.at("headers"), {
    ...place,
    context: "header",
    section: "headers",
  });
  const body = lowerBody(
    lowering,
    new Cursor(undefined, at.path),
    "json",
    parameters.filter(({ location }) => location === "body"),
    { ...place, section: "body" },
  );
  const schema = lowerSchema(lowering, at.at("response_schema"));
  const response = lowerResponse(lowering, at.at("response"));
  const tool = lowerTool(at);
  if (!url || !tool) {
    lowering.markUnresolved(owner);
    return undefined;
  }
  return {
    kind: "http",
    id: `operation:${id}`,
    method: "POST",
    url: url.url,
    query: url.query,
    headers: [accept, ...headers],
    cookies: [],
    body: {
      content_type: "json",
      media_type: "application/json",
      root: toolCall(tool.name, body?.root),
    },
    response: { ...response, type: "json", ...given("schema", schema) },
  };
}

const accept: Entry = {
  kind: "template",
  name: "Accept",
  value: { parts: ["application/json, text/event-stream"] },
};

/** The order of the members is what a carrier without exchanges knows a request by (`runtime/transport/stdio-server.ts`). */
function toolCall(name: string, written: BodyNode | undefined): BodyNode {
  const text = (value: string | number): BodyNode => ({ kind: "literal", value });
  const entries = written?.kind === "object" ? written.entries : [];
  return {
    kind: "object",
    entries: [
      { key: "jsonrpc", value: text("2.0") },
      { key: "id", value: text(1) },
      { key: "method", value: text("tools/call") },
      {
        key: "params",
        value: {
          kind: "object",
          entries: [
            { key: "name", value: text(name) },
            // Servers hold a call without arguments against a schema that wants an object.
            { key: "arguments", value: { kind: "object", entries, keep: true } },
          ],
        },
      },
    ],
  };
}

/** A server that the host starts has a name for an address; any other is where `base_url` says. */
function upstreamUrl(
  lowering: Lowering,
  scope: Scope,
  owner: Owner,
): { readonly url: UrlTemplate; readonly query: readonly Entry[] } | undefined {
  const { root } = lowering.declared;
  const server = root.at("mcp_upstream").at("server").string();
  if (server !== undefined)
    return {
      url: { origin: { kind: "literal", origin: `stdio://${server}` }, path: { parts: ["/"] } },
      query: [],
    };
  const base = root.at("base_url");
  return base.exists ? lowerUrl(lowering, base, { scope, owner, section: "base_url" }) : undefined;
}
