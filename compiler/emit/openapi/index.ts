import type { Connector } from "../../../schema/ir.ts";
import { showHidden } from "../escape.ts";
import { EmitRefusal, type OutputFile, outputFolder } from "../output.ts";
import { openApiDocument } from "./document.ts";

/** `openapi.json`: the connector for everything that reads OpenAPI 3.1. */
export async function emitOpenApi(ir: Connector): Promise<readonly OutputFile[]> {
  if (ir.upstream)
    throw new EmitRefusal(
      `${ir.slug} is no HTTP API: its operations are tools of an MCP server, which OpenAPI cannot say. Take the target mcp, which lists them`,
    );
  return [
    {
      path: `${outputFolder(ir.slug)}/openapi.json`,
      text: `${showHidden(JSON.stringify(openApiDocument(ir), null, 2))}\n`,
    },
  ];
}
