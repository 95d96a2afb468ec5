/** Folders under watch: files are watched through them, since editors save by putting another file in the place. */
import { type Dirent, type FSWatcher, readdirSync, statSync, watch } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { CommandFailure } from "../failure.ts";
import { isGlob, isSkippedFolder } from "../find/glob.ts";

/** A pause without a change, after which a burst of them may be over. */
const pauseMs = 100;

export interface FolderWatch {
  /** Watches these folders from now on, and no others. Those that are not there are left out. */
  watch(folders: readonly string[]): void;
  /** Settles when something in them has changed since the last pause, or at the interrupt. */
  change(): Promise<void>;
  /** Waits 100 ms, or until the interrupt, and answers whether something has changed meanwhile. */
  pause(): Promise<boolean>;
  close(): void;
}

export function watchFolders(interrupted: AbortSignal): FolderWatch {
  const open = new Map<string, { readonly stamp: string; readonly watcher: FSWatcher }>();
  let changed = false;
  let wake = (): void => {};
  const onChange = (): void => {
    changed = true;
    wake();
  };
  const end = (folder: string): void => {
    open.get(folder)?.watcher.close();
    open.delete(folder);
  };
  interrupted.addEventListener("abort", onChange);
  return {
    watch(folders) {
      const wanted = new Set(folders);
      for (const [folder, { stamp }] of [...open])
        if (!wanted.has(folder) || identityOf(folder) !== stamp) end(folder);
      for (const folder of wanted) {
        const stamp = identityOf(folder);
        if (stamp === "" || open.has(folder)) continue;
        const watcher = openWatcher(folder, onChange);
        // A folder that goes away ends its watch; another run finds out what that means.
        watcher.on("error", () => {
          end(folder);
          onChange();
        });
        open.set(folder, { stamp, watcher });
      }
    },
    async change() {
      while (!changed && !interrupted.aborted)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    },
    async pause() {
      changed = false;
      await setTimeout(pauseMs, undefined, { signal: interrupted }).catch(() => {});
      const seen = changed;
      changed = false;
      return seen;
    },
    close() {
      interrupted.removeEventListener("abort", onChange);
      for (const folder of [...open.keys()]) end(folder);
    },
  };
}

function openWatcher(folder: string, onChange: () => void): FSWatcher {
  try {
    return watch(folder, onChange);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "an unknown error";
    throw new CommandFailure(
      code === "ENOSPC" || code === "EMFILE"
        ? `cannot watch ${folder}: the system watches no more folders for this user; name fewer files, or raise its limit (fs.inotify on Linux)`
        : `cannot watch ${folder}: the system says ${code}; run without --watch`,
    );
  }
}

/** The same as long as the folder is; a folder that was made anew under its name is another. */
function identityOf(folder: string): string {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() ? `${found.dev}:${found.ino}` : "";
}

/** The folders in which new descriptors may turn up: those that the paths name, and all that a search enters. */
export function foldersOf(paths: readonly string[], cwd: string): readonly string[] {
  return (paths.length === 0 ? ["."] : paths).flatMap((path) => {
    const base = resolve(cwd, isGlob(path) ? fixedPart(path) : path);
    if (identityOf(base) === "") return [dirname(base)];
    return isGlob(path) && !/[*?{}[\]].*\//.test(path) ? [base] : below(base);
  });
}

/** The folders before the first segment with glob syntax. */
function fixedPart(pattern: string): string {
  const segments = pattern.split("/");
  const first = segments.findIndex(isGlob);
  return segments.slice(0, first).join("/") || (pattern.startsWith("/") ? "/" : ".");
}

function below(folder: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    // What may not be read holds nothing that a search would find.
    return [folder];
  }
  const inner = entries.filter((entry) => entry.isDirectory() && !isSkippedFolder(entry.name));
  return [folder, ...inner.flatMap(({ name }) => below(join(folder, name)))];
}
