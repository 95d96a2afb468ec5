/** Puts a build on disk, all of it or none. */
import { randomBytes } from "node:crypto";
import { mkdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileReason } from "../../compiler/disk-host.ts";
import { CommandFailure } from "../failure.ts";
import type { Change } from "./plan.ts";

/**
 * Writes every file beside its place first, then moves them there one after another, so that a reader never meets half
 * a file. Where one cannot be moved, those before it get their old text back.
 */
export function writeChanges(changes: readonly Change[]): void {
  const madeFolders: string[] = [];
  const drafts = new Map<Change, string>();
  const done: Change[] = [];
  let at: Change | undefined;
  try {
    for (at of changes) {
      const folder = mkdirSync(dirname(at.path), { recursive: true });
      if (folder !== undefined) madeFolders.push(...foldersBetween(folder, dirname(at.path)));
      if (at.after !== undefined) drafts.set(at, draft(at.path, at.after, at));
    }
    for (at of changes) {
      put(at.path, drafts.get(at));
      done.push(at);
    }
  } catch (error) {
    for (const path of drafts.values()) rmSync(path, { force: true });
    for (const change of done.reverse())
      put(change.path, change.before === undefined ? undefined : draft(change.path, change.before, change));
    for (const folder of madeFolders.reverse()) removeEmpty(folder);
    throw new CommandFailure(
      `cannot write ${at?.shown ?? "the output"}: ${fileReason(error)}; nothing was changed. Check --out and its permissions`,
    );
  }
}

function draft(path: string, text: string, { encoding = "utf8" }: Change): string {
  const beside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  writeFileSync(beside, text, { flag: "wx", encoding });
  return beside;
}

function put(path: string, from: string | undefined): void {
  if (from === undefined) rmSync(path);
  else renameSync(from, path);
}

/** The folders from the topmost that was made down to the innermost. */
function foldersBetween(top: string, inner: string): string[] {
  const folders = [inner];
  for (let at = inner; at !== top && at !== dirname(at); at = dirname(at)) folders.unshift(dirname(at));
  return folders;
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody else has put something there: it stays.
  }
}
