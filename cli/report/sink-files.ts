/** Reports in files: each is written beside its place and moved there, so that no reader meets half of one. */
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileReason } from "../../compiler/disk-host.ts";
import { CommandFailure } from "../failure.ts";
import type { Source } from "../find/sources.ts";

/** Ends the command where a report would have no folder, share its file, or overwrite a descriptor. */
export function judgePaths(paths: readonly string[], sources: readonly Source[], cwd: string): void {
  const seen = new Map<string, string>();
  for (const path of paths) {
    const absolute = resolve(cwd, path);
    const folder = dirname(absolute);
    if (!isFolder(folder))
      throw new CommandFailure(`cannot write ${path}: there is no folder ${dirname(path)}; make it first`);
    if (isFolder(absolute))
      throw new CommandFailure(`cannot write ${path}: it is a folder; name a file in it`);
    const identity = identityOf(absolute);
    const other = seen.get(identity);
    if (other !== undefined)
      throw new CommandFailure(
        `two formats would go to one file, ${other}${other === path ? "" : ` and ${path}`}; give each a file of its own`,
      );
    seen.set(identity, path);
  }
  // Whatever way a file is named, by links too, it is the same file to the disk.
  if (![...paths].some((path) => existsSync(resolve(cwd, path)))) return;
  for (const source of sources) {
    const path = source.path === undefined ? undefined : seen.get(identityOf(source.path));
    if (path !== undefined)
      throw new CommandFailure(
        `${path} is one of the descriptors to check; give the report a file of its own`,
      );
  }
}

/** Replaces the file; a device or a pipe is written as it is. Answers a sentence where it cannot. */
export function replaceFile(path: string, text: string, cwd: string): readonly string[] {
  const absolute = resolve(cwd, path);
  try {
    const there = stats(absolute);
    if (there && !there.isFile()) writeFileSync(absolute, text);
    else replace(there ? realpathSync(absolute) : absolute, text, there);
    return [];
  } catch (error) {
    return [`cannot write ${path}: ${fileReason(error)}; check the folder and its permissions`];
  }
}

function replace(path: string, text: string, there: Stats | undefined): void {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    writeFileSync(temporary, text, { flag: "wx" });
    if (there) chmodSync(temporary, there.mode & 0o777);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function identityOf(path: string): string {
  const found = stats(path);
  if (found) return `${found.dev}:${found.ino}`;
  // Not there yet: the folder may be named in several ways, the file in one.
  const folder = stats(dirname(path));
  return `${folder?.dev}:${folder?.ino}/${basename(path)}`;
}

function isFolder(path: string): boolean {
  return stats(path)?.isDirectory() ?? false;
}

function stats(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}
