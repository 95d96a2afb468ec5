import type { World } from "../world.ts";
import { escapeForTerminal } from "./escape.ts";

/** Sentences about what could not be read, one a line, on standard error. */
export async function reportProblems(problems: readonly string[], world: World): Promise<void> {
  for (const problem of problems) await world.stderr.write(`connector: ${escapeForTerminal(problem)}\n`);
}
