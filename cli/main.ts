/** The command line: its verbs, and how failures become exit codes. Commands load when they run. */
import { Command, CommanderError } from "commander";
import { version } from "../runtime/version.ts";
import { escapeForTerminal } from "./report/escape.ts";
import { tell } from "./tell.ts";
import { authUsage } from "./usage/auth.ts";
import { buildUsage } from "./usage/build.ts";
import { callUsage } from "./usage/call.ts";
import { checkUsage } from "./usage/check.ts";
import { diffUsage } from "./usage/diff.ts";
import { explainUsage } from "./usage/explain.ts";
import { importUsage } from "./usage/import.ts";
import { lspUsage } from "./usage/lsp.ts";
import { mcpUsage } from "./usage/mcp.ts";
import { schemaUsage } from "./usage/schema.ts";
import { showUsage } from "./usage/show.ts";
import type { Usage } from "./usage/usage.ts";
import { validateUsage } from "./usage/validate.ts";
import type { ExitCode, World } from "./world.ts";

/** Every verb, in the order of `connector --help`. */
const usages: readonly Usage[] = [
  validateUsage,
  importUsage,
  buildUsage,
  callUsage,
  checkUsage,
  mcpUsage,
  authUsage,
  showUsage,
  diffUsage,
  explainUsage,
  schemaUsage,
  lspUsage,
];

/** Runs one command line (without node and script) and answers its exit code; nothing is ever thrown. */
export async function main(argv: readonly string[], world: World): Promise<ExitCode> {
  let code: ExitCode = 0;
  let written: Promise<void> = Promise.resolve();
  const program = createProgram(world, (result) => {
    code = result;
  });
  const sink = {
    writeOut: (text: string) => {
      written = world.stdout.write(text);
    },
    writeErr: (text: string) => {
      written = world.stderr.write(escapeForTerminal(text));
    },
  };
  for (const command of withSubcommands(program)) command.exitOverride().configureOutput(sink);
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) code = 0;
    else {
      // Commander has already said what is wrong with the usage.
      code = error instanceof CommanderError ? 2 : await tell(error, world);
      await writeOwedReport(argv, error, code, world);
    }
  }
  await written;
  return code;
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

/** The promise of `--format json` and its like: one document on standard output, whatever went wrong. */
async function writeOwedReport(
  argv: readonly string[],
  error: unknown,
  code: ExitCode,
  world: World,
): Promise<void> {
  if (argv[0] !== "validate") return;
  const { failureReport } = await import("./commands/validate.ts");
  const sentence = error instanceof Error ? error.message : String(error);
  const report = await failureReport(argv, sentence, code, world);
  if (report !== undefined) await world.stdout.write(report);
}

function createProgram(world: World, done: (code: ExitCode) => void): Command {
  const program = new Command("connector")
    .description("Compiles and runs connector descriptors: YAML or JSON that describes an API.")
    .version(version, "-V, --version", "print the version")
    .helpCommand(true)
    .showSuggestionAfterError(true)
    .showHelpAfterError("(connector --help lists the commands and their options)");

  for (const usage of usages) usage(program, world, done);
  return program;
}
