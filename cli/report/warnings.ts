/** Warnings of calls on standard error: one line for each kind, however many records show it. */
import type { Warning } from "../../runtime/index.ts";
import type { World } from "../world.ts";
import { escapeForTerminal } from "./escape.ts";

/** Lines after which a server that answers with ever new departures is heard no more. */
const most = 100;

/** Makes a printer that remembers what it has said. */
export function warningPrinter(world: World): (warnings: readonly Warning[]) => Promise<void> {
  const said = new Set<string>();
  return async (warnings) => {
    for (const warning of warnings) {
      const kind = kindOf(warning);
      if (said.size > most || said.has(kind)) continue;
      said.add(kind);
      const text = said.size > most ? "there are more warnings, which are not shown" : warning.message;
      await world.stderr.write(`warning: ${escapeForTerminal(text)}\n`);
    }
  };
}

/** The same departure in another element of a list is the same warning. */
function kindOf({ code, path, message }: Warning): string {
  if (path === undefined) return `${code} ${message}`;
  const anywhere = path.replace(/\/\d+(?=\/|$)/g, "/*");
  return `${code} ${message.split(path).join(anywhere)}`;
}
