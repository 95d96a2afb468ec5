import type { Readable } from "node:stream";

/**
 * What a command may touch of the process. It comes in by argument, so that tests run commands in place with
 * captured streams, and nothing below `bin.ts` reads `process`.
 */
export interface World {
  /** Absolute path of the current folder. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** At most `limit` bytes of standard input. */
  readStdin(limit: number): Promise<Uint8Array>;
  /** Standard input as it comes, for a command that talks; absent where there is none. */
  readonly stdin?: Readable;
  /**
   * Asks the person at the terminal, on standard error, for one line; undefined where nobody is there to answer. What
   * is typed for a `secret` question does not show.
   */
  ask?(question: string, options?: { readonly secret?: boolean }): Promise<string | undefined>;
  /** Aborted by the first interrupt (Ctrl-C, or SIGTERM). */
  readonly interrupted: AbortSignal;
  /** Threads that may share the work; absent where one is to do it all. */
  readonly workers?: Workers | undefined;
  /** Hears how many bytes of descriptor come next, and may keep the heap small for them. */
  limitHeap?(bytes: number): void;
}

/** Threads beside the main one. */
export interface Workers {
  /** As many as the machine runs at once. */
  readonly most: number;
  /** Absolute path of the script that serves as one. */
  readonly program: string;
}

/** A stream that a command writes to. */
export interface Output {
  readonly isTerminal: boolean;
  /** Cells of a line of the terminal; absent where it is none, or does not say. */
  readonly columns?: number;
  /** Settles once the stream takes more, so that a slow reader slows the writer. */
  write(data: string | Uint8Array): Promise<void>;
}

/** The exit codes of every command: done, failed, misused; 130 is what shells expect after an interrupt. */
export type ExitCode = 0 | 1 | 2 | 130;

/** Colour on a stream: `NO_COLOR` wins over `FORCE_COLOR`, which wins over what the stream is (no-color.org). */
export function wantsColor(output: Output, env: World["env"]): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false";
  return output.isTerminal && env.TERM !== "dumb";
}
