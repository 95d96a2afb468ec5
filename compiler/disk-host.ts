/** The disk for the compiler: descriptors of bounded size, and the schema files beside them. */
import { closeSync, fstatSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import type { Host } from "./host.ts";

/** One byte more than the largest file that any rule accepts (16 MiB of JSON): enough to see that a file is too large. */
export const enoughBytes: number = 16 * 1024 * 1024 + 1;

/**
 * Reads the local files that a descriptor refers to: only regular files at or below its own folder, judged after
 * links are resolved, so that neither `../` nor a link leads to another file of the machine.
 */
export function createDiskHost(folder: string): Host {
  return {
    async readText(file) {
      try {
        const root = realpathSync(folder);
        const real = realpathSync(resolve(root, file));
        if (!isBelow(root, real)) return { problem: `${file} leaves the folder of the descriptor` };
        if (!statSync(real).isFile()) return { problem: `${file} is no regular file` };
        return { text: readBytes(real) };
      } catch (error) {
        return { problem: `${file} cannot be read: ${fileReason(error)}` };
      }
    },
  };
}

function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && resolve(root, way) === path;
}

/** The reason of a failed file operation, in words. */
export function fileReason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return "there is no such file or folder";
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "EISDIR":
      return "it is a folder";
    case "ELOOP":
      return "its links form a circle";
    case "ENAMETOOLONG":
      return "the name is too long";
    default:
      return code === "" ? "it cannot be read" : `the system says ${code}`;
  }
}

/**
 * The first `limit` bytes of a file, so that no file is read whole only to be refused for its size. Synchronous:
 * compiling is, and one file is read faster so.
 */
export function readBytes(path: string, limit: number = enoughBytes): Uint8Array {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    // A pipe or device has no size: it is read in pieces until it ends or is too large.
    let buffer = Buffer.allocUnsafe(Math.min(limit, size > 0 ? size + 1 : 64 * 1024));
    let length = 0;
    for (;;) {
      const count = readSync(file, buffer, length, buffer.length - length, null);
      length += count;
      if (count === 0 || length === limit) return buffer.subarray(0, length);
      if (length === buffer.length) buffer = Buffer.concat([buffer], Math.min(limit, buffer.length * 2));
    }
  } finally {
    closeSync(file);
  }
}
