import type { Connector } from "../../../schema/ir.ts";
import { irText } from "../ir/index.ts";
import { mcpFiles } from "../mcp/index.ts";
import { type OutputFile, outputFolder } from "../output.ts";
import { createClientModel } from "./client-model.ts";
import { indexFile } from "./index-file.ts";
import { parsed } from "./parse-check.ts";
import { readmeFile } from "./readme-file.ts";
import { typesFile } from "./types-file.ts";

export type { OutputFile } from "../output.ts";

/** A typed client over `connectorc/runtime`: `index.ts`, `types.ts`, `ir.json`, `README.md` and, where it offers tools, `mcp.json` under the connector's slug. */
export async function emitTypeScript(ir: Connector): Promise<readonly OutputFile[]> {
  const folder = outputFolder(ir.slug);
  const model = createClientModel(ir);
  const sources = await parsed([
    { path: `${folder}/index.ts`, text: indexFile(model) },
    { path: `${folder}/types.ts`, text: typesFile(model) },
  ]);
  return [
    ...sources,
    { path: `${folder}/ir.json`, text: irText(ir) },
    ...mcpFiles(ir),
    { path: `${folder}/README.md`, text: readmeFile(model) },
  ];
}
