import { CommandFailure } from "./failure.ts";
import { escapeForTerminal } from "./report/escape.ts";
import type { ExitCode, World } from "./world.ts";

/** Says on standard error what ended a command, in a sentence and without a stack. */
export async function tell(error: unknown, world: World): Promise<ExitCode> {
  if (CommandFailure.is(error)) {
    await world.stderr.write(`connector: ${escapeForTerminal(error.message)}\n`);
    return error.exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  await world.stderr.write(
    `connector: something failed inside this program (${escapeForTerminal(message)}); please report it with the command line and the descriptor\n`,
  );
  return 2;
}
