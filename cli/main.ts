/** The command line: what each command takes, and how failures become exit codes. Commands load when they run. */
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { version } from "../runtime/version.ts";
import { CommandFailure } from "./failure.ts";
import { escapeForTerminal } from "./report/escape.ts";
import { emptyReport } from "./report/json.ts";
import type { ExitCode, World } from "./world.ts";

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
  for (const command of [program, ...program.commands]) command.exitOverride().configureOutput(sink);
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) code = 0;
    else {
      code = await tell(error, world);
      // The promise of `--format json`: one object on standard output, whatever went wrong.
      if (wantsJsonReport(argv)) await world.stdout.write(emptyReport);
    }
  }
  await written;
  return code;
}

/** Says on standard error what ended a command, in a sentence and without a stack. */
async function tell(error: unknown, world: World): Promise<ExitCode> {
  // Commander has already said what is wrong with the usage.
  if (error instanceof CommanderError) return 2;
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

function wantsJsonReport(argv: readonly string[]): boolean {
  if (argv[0] !== "validate") return false;
  return argv.some(
    (word, index) => word === "--format=json" || (word === "--format" && argv[index + 1] === "json"),
  );
}

function createProgram(world: World, done: (code: ExitCode) => void): Command {
  const program = new Command("connector")
    .description("Compiles and runs connector descriptors: YAML or JSON that describes an API.")
    .version(version, "-V, --version", "print the version")
    .helpCommand(true)
    .showSuggestionAfterError(true)
    .showHelpAfterError("(connector --help lists the commands and their options)");

  program
    .command("validate")
    .description("Report everything that is wrong in descriptors.")
    .argument(
      "[paths...]",
      "files, folders, globs, FILE#slug, or - for standard input; the current folder when none is given",
    )
    .addOption(
      new Option("--format <format>", "how findings are printed")
        .choices(["pretty", "json"])
        .default("pretty"),
    )
    .addHelpText(
      "after",
      example(
        "connector validate descriptors/ --format json",
        "0: no error; 1: errors found; 2: usage or unreadable input",
      ),
    )
    .action(async (paths: string[], options: { format: "pretty" | "json" }) => {
      const { validateCommand } = await import("./commands/validate.ts");
      done(await validateCommand(paths, options, world));
    });

  program
    .command("build")
    .description("Compile descriptors into DIR/<slug>/: the IR as JSON and a typed client.")
    .argument("<paths...>", "files, folders, globs or FILE#slug")
    .requiredOption("--out <dir>", "folder to write to")
    .addOption(
      new Option("--target <target>", "ts: client and IR; ir: the IR alone")
        .choices(["ts", "ir"])
        .default("ts"),
    )
    .addHelpText(
      "after",
      example(
        "connector build jira.yaml --out src/connectors",
        "0: built; 1: errors found, nothing written; 2: usage or unreadable input",
      ),
    )
    .action(async (paths: string[], options: { out: string; target: "ts" | "ir" }) => {
      const { buildCommand } = await import("./commands/build.ts");
      done(await buildCommand(paths, options, world));
    });

  connectionOptions(
    program
      .command("call")
      .description("Call an operation and print what it answers.")
      .argument("<descriptor>", "descriptor file, or FILE#slug")
      .argument("<operation>", "operation_id")
      .addOption(
        repeatable(
          "--param <name=value>",
          "a parameter, read by its type; repeated gives a list; @file reads one, @@ is a literal @",
        ),
      )
      .option("--params <json>", "all parameters as a JSON object, or @file")
      .option("--all", "read every page and print all records")
      .addOption(
        new Option(
          "--max-pages <n>",
          "with --all: pages read at most, in place of the descriptor's max_pages",
        ).argParser(pageCount),
      )
      .option("--cursor <cursor>", "with --all: go on where an earlier reading ended, as its message says")
      .addOption(
        new Option(
          "--output <format>",
          "json: one value; ndjson: a line per record, by the descriptor's records_path",
        )
          .choices(["json", "ndjson"])
          .default("json"),
      ),
  )
    .addHelpText(
      "after",
      example(
        "connector call jira.yaml list_issues --param jql='project = A' --connection jira.connection.yaml --all --output ndjson",
        "0: done; 1: the call failed or is truncated; 2: usage, parameters or connection; 130: stopped by Ctrl-C",
      ),
    )
    .action(async (descriptor: string, operation: string, options) => {
      const { callCommand } = await import("./commands/call.ts");
      done(await callCommand(descriptor, operation, options, world));
    });

  connectionOptions(
    program
      .command("check")
      .description("Try the credentials: call the profile's test_endpoint.")
      .argument("<descriptor>", "descriptor file, or FILE#slug"),
  )
    .addHelpText(
      "after",
      example(
        "connector check jira.yaml --connection jira.connection.yaml",
        "0: accepted; 1: refused or failed; 2: usage or connection",
      ),
    )
    .action(async (descriptor: string, options) => {
      const { checkCommand } = await import("./commands/check.ts");
      done(await checkCommand(descriptor, options, world));
    });

  program
    .command("show")
    .description("Show what a descriptor offers: operations, profiles, settings, limits, tools.")
    .argument("<descriptor>", "descriptor file, or FILE#slug")
    .addOption(
      new Option("--format <format>", "how it is printed").choices(["pretty", "json"]).default("pretty"),
    )
    .addHelpText(
      "after",
      example(
        "connector show jira.yaml",
        "0: shown; 1: errors in the descriptor; 2: usage or unreadable input",
      ),
    )
    .action(async (descriptor: string, options: { format: "pretty" | "json" }) => {
      const { showCommand } = await import("./commands/show.ts");
      done(await showCommand(descriptor, options, world));
    });

  program
    .command("explain")
    .description("Explain a rule that a finding names.")
    .argument("<rule>", "rule id, area/kebab-name")
    .addHelpText(
      "after",
      example("connector explain template/unknown-name", "0: explained; 2: there is no such rule"),
    )
    .action(async (rule: string) => {
      const { explainCommand } = await import("./commands/explain.ts");
      done(await explainCommand(rule, world));
    });

  program
    .command("schema")
    .description("Print the JSON Schema of descriptors, for editors.")
    .addHelpText("after", example("connector schema > descriptor.schema.json", "0"))
    .action(async () => {
      const { schemaCommand } = await import("./commands/schema.ts");
      done(await schemaCommand(world));
    });
  return program;
}

function connectionOptions(command: Command): Command {
  return command
    .option("--connection <file>", "connection file: profile, credentials, config, identity, network")
    .option("--profile <profile>", "authentication profile to use")
    .addOption(
      repeatable(
        "--allow-network <destination>",
        "allow a private destination: host or CIDR, with optional :port; may be repeated",
      ),
    );
}

function pageCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It takes a whole number of at least 1.");
}

function repeatable(flags: string, description: string): Option {
  return new Option(flags, description)
    .default([], "none")
    .argParser((value: string, previous: readonly string[]): readonly string[] => [...previous, value]);
}

function example(line: string, codes: string): string {
  return `\nExample:\n  $ ${line}\n\nExit codes: ${codes}\n`;
}
