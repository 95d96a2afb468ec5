import type { Output, World } from "./world.ts";

/** The world of this process. The first interrupt aborts what runs, the second ends the process at once. */
export function processWorld(): World {
  const interrupt = new AbortController();
  process.once("SIGINT", () => {
    interrupt.abort();
    process.once("SIGINT", () => process.exit(130));
  });
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
    interrupted: interrupt.signal,
  };
}

function outputOf(stream: NodeJS.WriteStream): Output {
  // A reader that went away (`connector … | head`) ends the command in silence; nobody is left to tell.
  if (stream.listenerCount("error") === 0)
    stream.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 2));
  return {
    isTerminal: stream.isTTY === true,
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
