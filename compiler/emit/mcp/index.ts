import type { Connector } from "../../../schema/ir.ts";
import { showHidden } from "../escape.ts";
import { EmitRefusal, type OutputFile, outputFolder } from "../output.ts";
import { mcpTools } from "./tools.ts";

/** `mcp.json`: the tools of an MCP server over the connector. */
export async function emitMcp(ir: Connector): Promise<readonly OutputFile[]> {
  const files = mcpFiles(ir);
  if (files.length === 0)
    throw new EmitRefusal(
      `${ir.slug} offers no MCP tools; set \`mcp_config.enabled: true\` in its descriptor, or take another target`,
    );
  return files;
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
