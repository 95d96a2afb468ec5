import type { Connector } from "../../../../schema/ir.ts";
import { mcpFiles } from "../../mcp/index.ts";
import { type OutputFile, outputFolder } from "../../output.ts";
import { createClientModel } from "../client-model.ts";
import { indexFile } from "../index-file.ts";
import { parsed } from "../parse-check.ts";
import { readmeFile } from "../readme-file.ts";
import { typesFile } from "../types-file.ts";
import { type Core, loadCore } from "./core.ts";
import { coreFile, planFile } from "./core-file.ts";
import { planOf } from "./plan/index.ts";
import { standaloneOf } from "./refusals.ts";

/**
 * A typed client that needs no package: `index.ts`, `types.ts`, `plan.ts`, `core.ts`, `README.md` and, where it offers tools,
 * `mcp.json`. Throws `EmitRefusal` where the connector needs what such a client cannot do.
 */
export async function emitStandalone(
  whole: Connector,
  core: Promise<Core> = loadCore(),
): Promise<readonly OutputFile[]> {
  const { ir, without } = standaloneOf(whole);
  const folder = outputFolder(ir.slug);
  const model = createClientModel(ir, "standalone");
  const plan = planOf(ir);
  const sources = await parsed([
    { path: `${folder}/index.ts`, text: indexFile(model) },
    { path: `${folder}/types.ts`, text: typesFile(model) },
    { path: `${folder}/plan.ts`, text: planFile(ir, plan) },
  ]);
  return [
    ...sources,
    { path: `${folder}/core.ts`, text: await coreFile(ir, plan, await core) },
    ...mcpFiles(ir),
    { path: `${folder}/README.md`, text: readmeFile(model, without) },
  ];
}
