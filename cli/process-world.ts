import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Output, Workers, World } from "./world.ts";

/**
 * The world of this process. Where a command asks for the signal, the first interrupt aborts what runs and the
 * second ends the process; any other command ends at the first.
 */
export function processWorld(): World {
  let interrupt: AbortController | undefined;
  return {
    cwd: process.cwd(),
    env: process.env,
    // `process.stdout` is built when first read, and costs milliseconds: each stream is opened when written to.
    get stdout() {
      return outputOf(process.stdout);
    },
    get stderr() {
      return outputOf(process.stderr);
    },
    readStdin,
    get stdin() {
      return process.stdin;
    },
    ask,
    get interrupted() {
      interrupt ??= onInterrupt();
      return interrupt.signal;
    },
    get workers() {
      return bundledWorkers();
    },
  };
}

/** Threads run the packaged program only; from its sources one thread does all. */
function bundledWorkers(): Workers | undefined {
  const program = join(import.meta.dirname, "worker.cjs");
  return existsSync(program) ? { most: availableParallelism(), program } : undefined;
}

function onInterrupt(): AbortController {
  const controller = new AbortController();
  process.once("SIGINT", () => {
    controller.abort();
    process.once("SIGINT", () => process.exit(130));
  });
  return controller;
}

function outputOf(stream: NodeJS.WriteStream): Output {
  // A reader that went away (`connector … | head`) ends the command in silence; nobody is left to tell.
  if (stream.listenerCount("error") === 0)
    stream.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 2));
  return {
    isTerminal: stream.isTTY === true,
    ...(stream.columns > 0 ? { columns: stream.columns } : {}),
    write: (data) =>
      stream.write(data)
        ? Promise.resolve()
        : new Promise((resolve) => stream.once("drain", () => resolve())),
  };
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
async function ask(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const { createInterface } = await import("node:readline");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    // Ctrl-D leaves the question unanswered; Ctrl-C ends what a terminal's signal would end.
    lines.once("close", () => resolve(undefined));
    lines.once("SIGINT", () => {
      lines.close();
      process.kill(process.pid, "SIGINT");
    });
    lines.question(question, (answer) => {
      resolve(answer);
      lines.close();
    });
  });
}
