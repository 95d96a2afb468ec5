import { createHash } from "node:crypto";
import type { Connector } from "../../../schema/ir.ts";
import { showHidden } from "../escape.ts";
import { irText } from "../ir/index.ts";
import { offeredServer } from "../mcp/index.ts";
import { EmitRefusal, type OutputFile, outputFolder } from "../output.ts";
import { archive } from "./archive.ts";
import { bundleInputs } from "./inputs.ts";
import { bundleManifest, entryPoint } from "./manifest.ts";
import { type Publication, publishedAs, registryEntry } from "./server-json.ts";
import { loadServerProgram, type ServerProgram } from "./server-program.ts";

/**
 * `<slug>.mcpb`, which hosts install by one click: manifest, server, IR and licences; where it is published, `server.json` of
 * the registry beside it. Throws `EmitRefusal` where the connector offers no tools, or one that no server would serve.
 */
export async function emitMcpb(
  ir: Connector,
  publication?: Publication,
  load: () => Promise<ServerProgram> = loadServerProgram,
): Promise<readonly OutputFile[]> {
  const server = offeredServer(ir);
  if (ir.upstream?.kind === "stdio")
    throw new EmitRefusal(
      `${ir.slug} calls the MCP server ${ir.upstream.server}, which its host starts: a bundle brings no such command. Install that server in its place`,
    );
  const published = publication && publishedAs(ir, server, publication);
  const { program, notices } = await load();
  const inputs = bundleInputs(ir);
  const folder = outputFolder(ir.slug);
  const bytes = archive({
    "manifest.json": json(bundleManifest(ir, server, inputs)),
    [entryPoint]: program,
    "server/connector.json": irText(ir),
    "THIRD-PARTY-NOTICES.txt": notices,
  });
  const bundle = Buffer.from(bytes);
  const files: OutputFile[] = [
    { path: `${folder}/${folder}.mcpb`, text: bundle.toString("latin1"), encoding: "latin1" },
  ];
  if (published) {
    const sha256 = createHash("sha256").update(bundle).digest("hex");
    const entry = registryEntry(ir, server, inputs, published, sha256);
    files.push({ path: `${folder}/server.json`, text: json(entry) });
  }
  return files;
}

function json(value: unknown): string {
  return `${showHidden(JSON.stringify(value, null, 2))}\n`;
}
