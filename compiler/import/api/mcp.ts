/** Operations as MCP tools, for those who ask. */
import { createHash } from "node:crypto";
import type { Descriptor, McpConfig } from "../../../schema/descriptor.ts";
import { brevityOf } from "../../../schema/mcp/brevity.ts";
import { toolDescription } from "../../../schema/mcp/plain-text.ts";
import { cut, oneLine } from "../prose.ts";
import { createSelection } from "../select.ts";

/** Names are at most this long in the clients that take the least. */
const maxName = 64;

/** The configuration of all operations that match by tag or id; undefined where none does. */
export function mcpOf(descriptor: Descriptor, globs: readonly string[]): McpConfig | undefined {
  const wanted = createSelection(globs);
  const { metadata, operations = [] } = descriptor;
  const chosen = operations.filter(({ operation_id, tags = [] }) => wanted([operation_id, ...tags]));
  if (chosen.length === 0) return undefined;
  const { description: most } = brevityOf(chosen.length);
  return {
    enabled: true,
    server_name: `${metadata.slug}-mcp`,
    server_description: cut(oneLine(metadata.description), 500),
    route_mappings: chosen.map((operation) => ({
      operation_id: operation.operation_id,
      mcp_tool_name: toolName(operation.operation_id),
      mcp_tool_description: toolDescription(operation.summary, operation.description, most),
    })),
  };
}

/** Cut names end with a hash of the whole id, so that they stay what they are whatever else comes. */
function toolName(id: string): string {
  if (id.length <= maxName) return id;
  const hash = createHash("sha256").update(id).digest("hex").slice(0, 6);
  return `${id.slice(0, maxName - 7).replace(/_+$/, "")}_${hash}`;
}
