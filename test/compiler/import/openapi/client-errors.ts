import { emitTypeScript } from "../../../../compiler/emit/typescript/index.ts";
import { typeErrors } from "../../emit/support/type-check.ts";
import { compileImported, importFile } from "./imported.ts";

/** What TypeScript finds wrong with the client that is built of an imported document. */
export async function clientErrors(path: string): Promise<readonly string[]> {
  const { connectors } = await compileImported(await importFile(path));
  const [connector] = connectors;
  if (!connector) throw new Error("nothing was compiled");
  return typeErrors(await emitTypeScript(connector.ir));
}
