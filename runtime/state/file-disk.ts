/** Files that hold secrets, or what they stand on: read and replaced as a whole, for one user's eyes. */
import { constants, renameSync } from "node:fs";
import { lstat, mkdir, open, readdir, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { codeOf, diskError, storeFault } from "./file-error.ts";

/** A text with what tells that the file is still the same. */
export interface Snapshot {
  readonly text: string;
  readonly stamp: string;
}

const mostBytes = 64 * 1024 * 1024;

/** Makes the folder of a store (mode 0700) where it is missing. One that others may write to is refused: they could put another file there. */
export async function prepareFolder(path: string): Promise<void> {
  const folder = dirname(path);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { mode } = await stat(folder);
    // In a sticky folder (/tmp) nobody renames or deletes what is another's.
    if (hasModes && (mode & 0o022) !== 0 && (mode & 0o1000) === 0)
      throw storeFault(
        `The folder ${folder} of the credential store may be written by others. Run \`chmod go-w ${folder}\`, or name another path.`,
      );
  } catch (thrown) {
    throw diskError(thrown, path, "written");
  }
}

/** The stamp of a file that is fit to hold secrets; undefined where there is none. Throws for a file that others may read. */
export async function stampOf(path: string): Promise<string | undefined> {
  try {
    const file = await lstat(path, { bigint: true });
    if (file.isSymbolicLink())
      throw storeFault(`The credential store ${path} is a symbolic link. Name the file itself.`);
    if (!file.isFile()) throw storeFault(`The credential store ${path} is no file. Name another path.`);
    if (hasModes && (file.mode & 0o077n) !== 0n)
      throw storeFault(
        `Others may read the credential store ${path} (mode ${(file.mode & 0o777n).toString(8)}). Run \`chmod 600 ${path}\`.`,
      );
    if (hasModes && process.getuid !== undefined && Number(file.uid) !== process.getuid())
      throw storeFault(`The credential store ${path} belongs to another user. Name a file of your own.`);
    if (file.size > mostBytes)
      throw storeFault(`The credential store ${path} is larger than ${mostBytes} bytes. Name another path.`);
    return `${file.ino}:${file.size}:${file.mtimeNs}:${file.ctimeNs}`;
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return undefined;
    throw diskError(thrown, path, "read");
  }
}

/** Reads a file that is fit to hold secrets; undefined where there is none. */
export async function readWhole(path: string): Promise<Snapshot | undefined> {
  const stamp = await stampOf(path);
  if (stamp === undefined) return undefined;
  try {
    const file = await open(path, constants.O_RDONLY | noFollow);
    try {
      return { text: await file.readFile("utf8"), stamp };
    } finally {
      await file.close();
    }
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return undefined;
    throw diskError(thrown, path, "read");
  }
}

/**
 * Puts a text in the place of a file, so that a reader finds the old or the new whole, also after a crash where it is
 * `durable`. `assertMine` throws where the right to write was lost; nothing comes between it and the replacement.
 */
export async function replaceWhole(
  path: string,
  text: string,
  durable: boolean,
  assertMine: () => void,
): Promise<void> {
  const temporary = join(
    dirname(path),
    `${temporaryPrefix(path)}${globalThis.crypto.randomUUID()}${temporaryEnd}`,
  );
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(text);
      if (durable) await file.sync();
    } finally {
      await file.close();
    }
    assertMine();
    renameSync(temporary, path);
    if (durable) await syncFolder(dirname(path));
  } catch (thrown) {
    await unlink(temporary).catch(() => undefined);
    throw diskError(thrown, path, "written");
  }
}

/** Deletes what a process left behind that died while it wrote. Only under the lock, when nobody writes. */
export async function sweepTemporaries(path: string): Promise<void> {
  const folder = dirname(path);
  const prefix = temporaryPrefix(path);
  for (const name of await readdir(folder))
    if (name.startsWith(prefix) && temporaryRest.test(name.slice(prefix.length)))
      await unlink(join(folder, name)).catch(() => undefined);
}

const hasModes = process.platform !== "win32";
/** Absent on Windows, where the constant is undefined. */
const noFollow = constants.O_NOFOLLOW ?? 0;
const temporaryEnd = ".tmp";
/** A UUID: the files of a longer name are others'. */
const temporaryRest = /^[0-9a-f-]{36}\.tmp$/;

function temporaryPrefix(path: string): string {
  return `.${basename(path)}.`;
}

/** A rename is on the disk once its folder is; platforms that cannot open folders keep it by themselves. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, constants.O_RDONLY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // The file is replaced already: what is left is how soon it survives a power failure.
  }
}
