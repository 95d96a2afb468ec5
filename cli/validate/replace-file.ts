/** Puts a fixed text in the place of a file: whole or not at all, and only of the file that was read. */
import { randomBytes } from "node:crypto";
import {
  accessSync,
  chmodSync,
  constants,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileReason, readBytes } from "../../compiler/disk-host.ts";

/**
 * Writes beside the file and moves it there; of a link, where the link leads. Answers a sentence where it cannot, or
 * where the file no longer holds what was `read`.
 */
export function replaceFile(
  path: string,
  name: string,
  read: Uint8Array,
  bytes: Uint8Array,
): string | undefined {
  try {
    const target = realpathSync(path);
    const { mode } = statSync(target);
    // A file that its owner may not write stays as it is, though its folder would let us move another there.
    accessSync(target, constants.W_OK);
    const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}.tmp`);
    try {
      writeFileSync(temporary, bytes, { flag: "wx", mode: 0o600 });
      chmodSync(temporary, mode & 0o7777);
      if (Buffer.compare(readBytes(target), read) !== 0) {
        rmSync(temporary, { force: true });
        return `${name} was changed while it was being fixed, so it was left alone; run --fix again`;
      }
      renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    return undefined;
  } catch (error) {
    return `cannot write ${name}: ${fileReason(error)}; check its permissions and those of its folder`;
  }
}
