/**
 * Standard output and error. Node's own streams take two milliseconds to load, a twentieth of a plain `validate`:
 * what is short goes to a pipe, a file or `/dev/null` without them.
 */
import { fstatSync, statSync, writeSync } from "node:fs";
import type { Writable } from "node:stream";
import type { Output } from "./world.ts";

/** Bytes that every empty pipe takes at once, so that nothing waits for a slow reader while timers and signals stand still. */
const shortBytes = 16 * 1024;

type NodeStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

export interface StandardStream extends Output {
  /** Everything has left this process: Node's stream, which may hold what is written to it, was not opened. */
  readonly isDrained: boolean;
}

/** The stream of a descriptor; `stream` opens Node's, which terminals, long texts and Windows have. */
export function openStandardStream(descriptor: number, stream: () => NodeStream): StandardStream {
  let node: Output | undefined;
  const opened = (): Output => {
    node ??= outputOf(stream());
    return node;
  };
  if (!takesAll(descriptor)) return { ...opened(), isDrained: false };
  let left = shortBytes;
  return {
    isTerminal: false,
    get isDrained() {
      return node === undefined;
    },
    write(data) {
      const bytes = Buffer.from(data);
      left -= bytes.length;
      if (node || left < 0) return opened().write(bytes);
      const written = writeNow(descriptor, bytes);
      return written === bytes.length ? Promise.resolve() : opened().write(bytes.subarray(written));
    },
  };
}

/** A pipe, a file, or the device that forgets what it is given. */
function takesAll(descriptor: number): boolean {
  if (process.platform === "win32") return false;
  try {
    const found = fstatSync(descriptor);
    if (found.isCharacterDevice()) return found.rdev === statSync("/dev/null").rdev;
    return found.isFIFO() || found.isSocket() || found.isFile();
  } catch {
    return false;
  }
}

/** Writes what is taken at once, and answers its bytes. What cannot be written is left to Node's stream, and to its errors. */
function writeNow(descriptor: number, bytes: Uint8Array): number {
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(descriptor, bytes, written);
  } catch {
    return written;
  }
  return written;
}

function outputOf(stream: NodeStream): Output {
  // A reader that went away (`connector … | head`) ends the command in silence; nobody is left to tell.
  if (stream.listenerCount("error") === 0)
    stream.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 2));
  return {
    isTerminal: stream.isTTY === true,
    ...(stream.columns ? { columns: stream.columns } : {}),
    write: (data) =>
      stream.write(data)
        ? Promise.resolve()
        : new Promise((resolve) => stream.once("drain", () => resolve())),
  };
}
