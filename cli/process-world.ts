import { existsSync } from "node:fs";
import { join } from "node:path";
import { limitHeapGrowth } from "./heap-growth.ts";
import { openStandardStream, type StandardStream } from "./standard-stream.ts";
import type { Workers, World } from "./world.ts";

export interface ProcessWorld extends World {
  /** What was written has left this process. */
  readonly isDrained: boolean;
}

/**
 * The world of this process. Where a command asks for the signal, the first interrupt (Ctrl-C, or SIGTERM, by which
 * clients and supervisors stop a server) aborts what runs and the second ends the process; any other command ends at the
 * first.
 */
export function processWorld(): ProcessWorld {
  let interrupt: AbortController | undefined;
  let stdout: StandardStream | undefined;
  let stderr: StandardStream | undefined;
  return {
    cwd: process.cwd(),
    env: process.env,
    get stdout() {
      stdout ??= openStandardStream(1, () => process.stdout);
      return stdout;
    },
    get stderr() {
      stderr ??= openStandardStream(2, () => process.stderr);
      return stderr;
    },
    readStdin,
    get stdin() {
      return process.stdin;
    },
    ask,
    limitHeap: limitHeapGrowth,
    get interrupted() {
      interrupt ??= onInterrupt();
      return interrupt.signal;
    },
    get workers() {
      return bundledWorkers();
    },
    get isDrained() {
      return (stdout?.isDrained ?? true) && (stderr?.isDrained ?? true);
    },
  };
}

/** Threads run the packaged program only; from its sources one thread does all. */
function bundledWorkers(): Workers | undefined {
  const program = join(import.meta.dirname, "worker.cjs");
  return existsSync(program)
    ? { most: process.getBuiltinModule("node:os").availableParallelism(), program }
    : undefined;
}

function onInterrupt(): AbortController {
  const controller = new AbortController();
  const codes = { SIGINT: 130, SIGTERM: 143 } as const;
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(codes[signal]);
      controller.abort();
    });
  return controller;
}

async function readStdin(limit: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    chunks.push(bytes);
    length += bytes.length;
    if (length >= limit) break;
  }
  return Buffer.concat(chunks).subarray(0, limit);
}

/** Only where both the question and the answer are of a person: a pipe answers nothing. */
async function ask(
  question: string,
  { secret = false }: { readonly secret?: boolean } = {},
): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const { createInterface } = await import("node:readline");
  const lines = createInterface({
    input: process.stdin,
    output: secret ? await nowhere() : process.stderr,
    terminal: true,
    historySize: 0,
  });
  // Once the terminal does not echo by itself any more.
  if (secret) process.stderr.write(question);
  return new Promise((resolve) => {
    // Ctrl-D leaves the question unanswered; Ctrl-C ends what a terminal's signal would end.
    lines.once("close", () => {
      if (secret) process.stderr.write("\n");
      resolve(undefined);
    });
    lines.once("SIGINT", () => {
      lines.close();
      process.kill(process.pid, "SIGINT");
    });
    lines.question(secret ? "" : question, (answer) => {
      resolve(answer);
      lines.close();
    });
  });
}

/** Where an echo goes that nobody is to see. */
async function nowhere(): Promise<NodeJS.WritableStream> {
  const { Writable } = await import("node:stream");
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
