import { resolve } from "node:path";
import { fileReason, readBytes } from "../../compiler/disk-host.ts";
import { checkIr } from "../../runtime/check-ir.ts";
import { ConnectorError } from "../../runtime/errors.ts";
import type { Connector } from "../../schema/ir.ts";
import { CommandFailure } from "../failure.ts";
import { loadConnectorIr } from "../load-connector-ir.ts";
import type { World } from "../world.ts";

/** The connector of a path: a compiled one (the IR) as it is, so that nothing is compiled at the start; else a descriptor. */
export async function loadServed(path: string, world: World): Promise<Connector> {
  const compiled = path.toLowerCase().endsWith(".json") ? readCompiled(path, world) : undefined;
  if (compiled === undefined) return loadConnectorIr(path, world);
  try {
    checkIr(compiled);
    return compiled;
  } catch (error) {
    throw ConnectorError.is(error) ? new CommandFailure(`${path}: ${error.message}`) : error;
  }
}

/** What the file holds, where it is an IR; a descriptor in JSON is none. */
function readCompiled(path: string, world: World): unknown {
  let text: string;
  try {
    text = new TextDecoder().decode(readBytes(resolve(world.cwd, path)));
  } catch (error) {
    throw new CommandFailure(`cannot open ${path}: ${fileReason(error)}; check the path and its permissions`);
  }
  if (!text.includes('"ir_version"')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && Object.hasOwn(value, "ir_version")
      ? value
      : undefined;
  } catch {
    // The compiler says what is wrong with it.
    return undefined;
  }
}
