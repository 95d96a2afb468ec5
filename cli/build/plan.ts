/** What a build would change on disk. Nothing is written here. */
import { lstatSync, readFileSync, type Stats, statSync } from "node:fs";
import { join, posix, relative, resolve, sep } from "node:path";
import { fileReason } from "../../compiler/disk-host.ts";
import type { OutputFile } from "../../compiler/emit/output.ts";
import { CommandFailure } from "../failure.ts";
import { type BuildRecord, hashOf, readRecord, recordName, recordText } from "./record.ts";

/** A file that is to be written, or to go where `after` is undefined. */
export interface Change {
  /** Absolute. */
  readonly path: string;
  /** As the user sees it. */
  readonly shown: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** Of both. Default: `utf8`. */
  readonly encoding?: OutputFile["encoding"];
}

export interface OutputPlan {
  readonly changes: readonly Change[];
  /** How many files stand as they should. */
  readonly unchanged: number;
  /** Files that would be overwritten or deleted though nobody but a person, or another program, wrote them so. */
  readonly edited: readonly string[];
}

/** Where files of one target go. */
export interface Destination {
  readonly cwd: string;
  readonly out: string;
  readonly target: string;
}

/** Compares files with the disk. Fails where a link, or something that is no file, stands in their way. */
export function planOutput(files: readonly OutputFile[], to: Destination): OutputPlan {
  const folders = new Map<string, OutputFile[]>();
  for (const file of files) {
    const folder = posix.dirname(file.path);
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  const plans = [...folders].map(([folder, inside]) => planFolder(folder, inside, to));
  return {
    changes: plans.flatMap(({ changes }) => changes),
    unchanged: plans.reduce((sum, { unchanged }) => sum + unchanged, 0),
    edited: plans.flatMap(({ edited }) => edited),
  };
}

function planFolder(folder: string, files: readonly OutputFile[], to: Destination): OutputPlan {
  const place = resolve(to.cwd, to.out, folder);
  checkFolders(folder, to);
  const record = readRecord(current(join(place, recordName), to));
  const wanted = new Map(files.map(({ path, text }) => [posix.basename(path), text]));
  const encodings = new Map(files.map(({ path, encoding }) => [posix.basename(path), encoding]));
  const gone = [...(record.get(to.target)?.keys() ?? [])].filter(
    (name) => !wanted.has(name) && !ofOthers(name, record, to.target),
  );
  const changes: Change[] = [];
  const edited: string[] = [];
  let unchanged = 0;
  for (const [name, after] of [...wanted, ...gone.map((name) => [name, undefined] as const)]) {
    const path = join(place, name);
    const encoding = encodings.get(name);
    const before = current(path, to, encoding);
    if (
      before === undefined ? after === undefined : after !== undefined && hashOf(before) === hashOf(after)
    ) {
      if (after !== undefined) unchanged++;
      continue;
    }
    const change = { path, shown: shownPath(path, to), before, after, ...(encoding ? { encoding } : {}) };
    changes.push(change);
    if (before !== undefined && !wroteBefore(name, before, record)) edited.push(change.shown);
  }
  const hashes = new Map([...wanted].map(([name, text]) => [name, hashOf(text)]));
  const path = join(place, recordName);
  const before = current(path, to);
  const after = recordText(new Map([...record, [to.target, hashes]]));
  if (before === undefined || hashOf(before) !== hashOf(after))
    changes.push({ path, shown: shownPath(path, to), before, after });
  return { changes, unchanged, edited };
}

function ofOthers(name: string, record: BuildRecord, target: string): boolean {
  return [...record].some(([other, files]) => other !== target && files.has(name));
}

function wroteBefore(name: string, text: string, record: BuildRecord): boolean {
  const hash = hashOf(text);
  return [...record.values()].some((files) => files.get(name) === hash);
}

/** `--out` itself may be a link, as its user says so; nothing below it. */
function checkFolders(folder: string, to: Destination): void {
  let path = resolve(to.cwd, to.out);
  if (!isFolder(statOf(path, to, true)))
    throw new CommandFailure(`cannot write ${shownPath(path, to)}: it is a file; name a folder with --out`);
  for (const part of folder.split("/")) {
    path = join(path, part);
    const found = statOf(path, to, false);
    if (!isFolder(found))
      throw new CommandFailure(
        `cannot write ${shownPath(path, to)}: it is ${found?.isSymbolicLink() ? "a link, and nothing is written through links" : "a file"}; remove it, or name another folder with --out`,
      );
  }
}

function isFolder(found: Stats | undefined): boolean {
  return found === undefined || found.isDirectory();
}

/** The text of a regular file; undefined where there is none. */
function current(
  path: string,
  to: Destination,
  encoding: OutputFile["encoding"] = "utf8",
): string | undefined {
  const found = statOf(path, to, false);
  if (found === undefined) return undefined;
  if (!found.isFile())
    throw new CommandFailure(
      `cannot write ${shownPath(path, to)}: it is ${found.isSymbolicLink() ? "a link, and nothing is written through links" : "no regular file"}; remove it`,
    );
  try {
    return readFileSync(path, encoding);
  } catch (error) {
    throw new CommandFailure(
      `cannot read ${shownPath(path, to)}: ${fileReason(error)}; check its permissions`,
    );
  }
}

function statOf(path: string, to: Destination, follow: boolean): Stats | undefined {
  try {
    const found = lstatSync(path, { throwIfNoEntry: false });
    return found?.isSymbolicLink() && follow ? statSync(path) : found;
  } catch (error) {
    throw new CommandFailure(
      `cannot write ${shownPath(path, to)}: ${fileReason(error)}; check --out and its permissions`,
    );
  }
}

function shownPath(path: string, { cwd }: Destination): string {
  return relative(cwd, path).split(sep).join("/");
}
