/** Documents of the corpus, imported, compiled and built in both modes. */
import type { OutputFile } from "../../../../compiler/emit/output.ts";
import { emitTypeScript } from "../../../../compiler/emit/typescript/index.ts";
import { loadCore } from "../../../../compiler/emit/typescript/standalone/core.ts";
import { emitStandalone } from "../../../../compiler/emit/typescript/standalone/index.ts";
import type { Connector } from "../../../../schema/ir.ts";
import { compileImported, corpusDocument, importFile } from "../../import/openapi/imported.ts";

/** Those that are at hand. */
export const documents: readonly string[] = [
  "adyen-checkout.yaml",
  "dub.yaml",
  "figma.yaml",
  "notion.json",
  "paypal-orders.json",
  "sendgrid-mail.json",
  "twilio-messaging.json",
  "vonage-verify.yaml",
].filter((file) => corpusDocument(file) !== undefined);

export interface Built {
  readonly ir: Connector;
  /** Over the runtime, standalone. */
  readonly modes: readonly (readonly OutputFile[])[];
}

const core = loadCore();

export async function built(file: string): Promise<Built> {
  const imported = await importFile(corpusDocument(file) ?? "");
  const ir = (await compileImported(imported)).connectors[0]?.ir;
  if (!ir) throw new Error(`${file} gave no connector`);
  return { ir, modes: [await emitTypeScript(ir), await emitStandalone(ir, core)] };
}
