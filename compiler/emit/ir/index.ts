import type { Connector } from "../../../schema/ir.ts";
import { showHidden } from "../escape.ts";
import { type OutputFile, outputFolder } from "../output.ts";

/** The connector's own representation, for `connectorc/runtime` to load without a compiler. */
export async function emitIr(ir: Connector): Promise<readonly OutputFile[]> {
  return [{ path: `${outputFolder(ir.slug)}/ir.json`, text: irText(ir) }];
}

/** Indented, so that a diff of two versions reads by line; hidden characters of the descriptor show as escapes. */
export function irText(ir: Connector): string {
  return `${showHidden(JSON.stringify(ir, null, 2))}\n`;
}
