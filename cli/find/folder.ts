/** The descriptors of a folder: every YAML or JSON file below it whose root says that it is one. */
import { type Dirent, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { readBytes } from "../../compiler/disk-host.ts";
import { isSkippedFolder } from "./glob.ts";
import { looksLikeDescriptor } from "./root-keys.ts";

/** Absolute paths, in order of their names, and what could not be opened on the way. */
export interface FolderSearch {
  readonly files: readonly string[];
  readonly unreadable: readonly { readonly path: string; readonly error: unknown }[];
}

/** Searches a folder and those below it; links to folders are not followed, so no circle can hold it. */
export function searchFolder(folder: string): FolderSearch {
  const files: string[] = [];
  const unreadable: { path: string; error: unknown }[] = [];
  for (const candidate of candidates(folder, unreadable)) {
    try {
      const text = new TextDecoder().decode(readBytes(candidate));
      if (looksLikeDescriptor(text)) files.push(candidate);
    } catch (error) {
      unreadable.push({ path: candidate, error });
    }
  }
  return { files, unreadable };
}

function candidates(folder: string, unreadable: { path: string; error: unknown }[]): readonly string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    unreadable.push({ path: folder, error });
    return [];
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!isSkippedFolder(entry.name)) found.push(...candidates(path, unreadable));
    } else if (/\.(?:ya?ml|json)$/i.test(entry.name) && (entry.isFile() || isLinkToFile(path)))
      found.push(path);
  }
  return found;
}

function isLinkToFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
