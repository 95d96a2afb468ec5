import { type Command, InvalidArgumentError, Option } from "commander";
import type { ExitCode, World } from "../world.ts";

/** One verb of the command line: adds its command to the program. `done` takes the exit code of a run. */
export type Usage = (program: Command, world: World, done: (code: ExitCode) => void) => void;

/** What `--help` shows at the end: an example, and what the exit codes mean. */
export function example(line: string, codes: string): string {
  return `\nExample:\n  $ ${line}\n\nExit codes: ${codes}\n`;
}

/** An option that may be given several times: its values in order. */
export function repeatable(flags: string, description: string): Option {
  return new Option(flags, description)
    .default([], "none")
    .argParser((value: string, previous: readonly string[]): readonly string[] => [...previous, value]);
}

/** Reads a whole number from `least` up. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
    throw new InvalidArgumentError(`It takes a whole number of at least ${least}.`);
  };
}

/** The options of every command that connects. */
export function connectionOptions(command: Command): Command {
  return command
    .option("--connection <file>", "connection file: profile, credentials, config, identity, network")
    .option("--profile <profile>", "authentication profile to use")
    .option("--key-file <file>", "file with the key that logins are sealed with")
    .option("--state <url>", "share limits and credentials with other processes: redis://host:port")
    .option("--mcp-servers <file>", "the host's commands of MCP servers that a descriptor names")
    .addOption(
      repeatable(
        "--allow-network <destination>",
        "allow a private destination: host or CIDR, with optional :port; may be repeated",
      ),
    );
}
