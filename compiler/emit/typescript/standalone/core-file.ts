import type { Connector } from "../../../../schema/ir.ts";
import type { Plan } from "../../../../schema/standalone-plan.ts";
import { fileHeader } from "../header.ts";
import { dataLiteral } from "../literal.ts";
import type { Core } from "./core.ts";
import { needsOf } from "./features.ts";
import { planKeys } from "./plan-keys.ts";
import { runnable } from "./runnable.ts";
import { selectCore } from "./select.ts";

/**
 * `plan.ts`: the connector, as its client runs by it. An expression is a sixth shorter than the text of JSON, once a minifier has
 * seen it. It is not checked: a checker would look for one type of all operations.
 */
export function planFile(ir: Connector, plan: Plan): string {
  return [
    "// @ts-nocheck\n",
    fileHeader(ir),
    "/** The compiled connector, which the client runs by. */\n",
    `export const plan: unknown = ${dataLiteral(plan)};\n`,
  ].join("");
}

/**
 * `core.ts`: what a client runs on, and no more of it than the connector needs. The types are those of the runtime; the code
 * below them is JavaScript, which a compiler has checked before.
 */
export async function coreFile(ir: Connector, plan: Plan, { types, statements }: Core): Promise<string> {
  const needs = needsOf(runnable(ir));
  const code = await selectCore(statements, needs, planKeys(plan, needs));
  const typed = code.replace(
    /(?:var ConnectorError = class|class ConnectorError)(?= extends)/,
    // Exported where it stands, as its interface is: of two that are not alike a project with `declaration` makes an error.
    "export var ConnectorError: ConnectorErrorClass = class",
  );
  if (typed === code) throw new Error("The core declares its error otherwise.");
  return [
    "// @ts-nocheck\n",
    fileHeader(ir),
    types,
    "\n",
    typed,
    "\n\n/** Makes what clients may share. */\nexport const createRuntime: (options?: RuntimeOptions) => Runtime = makeRuntime;\n",
  ].join("");
}
