import type { Connector, McpServer } from "../../../schema/ir.ts";
import { toolDefinitions } from "../../../schema/mcp/tool.ts";
import { toolTextFault } from "../../../schema/mcp/tool-text.ts";
import { showHidden } from "../escape.ts";
import { EmitRefusal, type OutputFile, outputFolder } from "../output.ts";
import { mcpTools } from "./tools.ts";

/** `mcp.json`: the tools of an MCP server over the connector. Throws `EmitRefusal` where there are none, or none that are served. */
export async function emitMcp(ir: Connector): Promise<readonly OutputFile[]> {
  offeredServer(ir);
  return mcpFiles(ir);
}

/** What a server of the connector says of itself, where it offers tools and each would be served; else `EmitRefusal`. */
export function offeredServer(ir: Connector): McpServer {
  if (!ir.mcp?.enabled)
    throw new EmitRefusal(
      `${ir.slug} offers no MCP tools; set \`mcp_config.enabled: true\` in its descriptor, or take another target`,
    );
  for (const { text, operation } of toolDefinitions(ir)) {
    const found = toolTextFault(text);
    if (found)
      throw new EmitRefusal(
        `no server would serve the tool of ${operation.id} in ${ir.slug}: its ${found.path} ${found.fault}. Mend it in the descriptor, or leave the tool out`,
      );
  }
  return ir.mcp;
}

/** The same, or nothing where the connector declares no tools. */
export function mcpFiles(ir: Connector): readonly OutputFile[] {
  const tools = mcpTools(ir);
  if (!ir.mcp || tools.length === 0) return [];
  const { server_name, server_description } = ir.mcp;
  const manifest = {
    connector: { slug: ir.slug, version: ir.version, content_hash: ir.content_hash },
    server: { name: server_name, description: server_description, version: ir.version },
    tools,
  };
  return [
    { path: `${outputFolder(ir.slug)}/mcp.json`, text: `${showHidden(JSON.stringify(manifest, null, 2))}\n` },
  ];
}
