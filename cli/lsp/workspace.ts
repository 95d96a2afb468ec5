/** What the language server may read: files below the folders that the editor has opened, links resolved. */
import { realpathSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createDiskHost } from "../../compiler/disk-host.ts";
import type { Host } from "../../compiler/host.ts";

export interface Workspace {
  /** The real folder of a file, and the opened one above it; undefined where nothing may be read beside the file. */
  placeOf(uri: string): Place | undefined;
  /** Reads schema files beside the document; those that are open in the editor as they stand there. */
  hostOf(uri: string): Host | undefined;
  /** The file that a document refers to, if it may be read. */
  linkTarget(uri: string, file: string): string | undefined;
}

export interface Place {
  readonly path: string;
  readonly folder: string;
  readonly root: string;
}

/** The text of a file that is open in the editor, by its path. */
export type OpenText = (path: string) => string | undefined;

/**
 * `folders` are URIs. An editor that has opened a file alone, without a folder, has opened that file's folder for us:
 * its schema files stand there.
 */
export function createWorkspace(folders: readonly string[], openText: OpenText): Workspace {
  const roots = folders.flatMap((uri) => realFolder(pathOf(uri)) ?? []);
  const placeOf = (uri: string): Place | undefined => {
    const path = pathOf(uri);
    const folder = path === undefined ? undefined : realFolder(dirname(path));
    if (path === undefined || folder === undefined) return undefined;
    const root = roots.length === 0 ? folder : roots.find((one) => isAtOrBelow(one, folder));
    return root === undefined ? undefined : { path, folder, root };
  };
  return {
    placeOf,
    hostOf: (uri) => {
      const place = placeOf(uri);
      return place && overlaid(place, createDiskHost(place.folder), openText);
    },
    linkTarget: (uri, file) => {
      const place = placeOf(uri);
      const target = place && realFile(resolve(place.folder, file));
      return target !== undefined && place && isAtOrBelow(place.folder, target)
        ? pathToFileURL(target).href
        : undefined;
    },
  };
}

function overlaid({ path, folder }: Place, disk: Host, openText: OpenText): Host {
  return {
    async readText(file) {
      const open = isAtOrBelow(folder, resolve(folder, file))
        ? openText(resolve(dirname(path), file))
        : undefined;
      return open === undefined ? disk.readText(file) : { text: open };
    },
  };
}

/** The path of a `file:` URI; other schemes, and hosts, have none. */
export function pathOf(uri: string): string | undefined {
  if (!uri.startsWith("file:")) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    // A URI with a host or with encoded slashes names no file of this machine.
    return undefined;
  }
}

function realFolder(path: string | undefined): string | undefined {
  return path === undefined ? undefined : realFile(path);
}

function realFile(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    // What is not there, or may not be seen, is not read.
    return undefined;
  }
}

function isAtOrBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && resolve(root, way) === path);
}
