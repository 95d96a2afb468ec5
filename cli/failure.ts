import type { ExitCode } from "./world.ts";

/**
 * A command that cannot go on. `message` is one clear sentence (what, where, what to do next) and goes to
 * standard error as it is; `exitCode` is 2 for usage, unreadable input and bad connections, 1 for what fails later.
 */
export class CommandFailure extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = 2) {
    super(message);
    this.name = "CommandFailure";
    this.exitCode = exitCode;
  }

  /** True for a failure of any command: each command is a bundle of its own, with a copy of this class. */
  static is(value: unknown): value is CommandFailure {
    return value instanceof Error && value.name === "CommandFailure" && "exitCode" in value;
  }
}
