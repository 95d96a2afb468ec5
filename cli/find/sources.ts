/** What the paths of a command line stand for: files, folders, globs, standard input. */
import { statSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { fileReason } from "../../compiler/disk-host.ts";
import type { World } from "../world.ts";
import { searchFolder } from "./folder.ts";
import { expandGlob, isGlob } from "./glob.ts";

/** One descriptor file, or standard input. */
export interface Source {
  /** As messages name it: relative to the current folder, `-` for standard input. */
  readonly name: string;
  /** Absolute path; of standard input, the one that it stands for, if any. */
  readonly path?: string;
  /** Its text comes from standard input. */
  readonly stdin?: true;
  /** A search of a folder gave it; nobody named it. */
  readonly searched?: true;
  /** The connector that `FILE#slug` asks for. */
  readonly slug?: string;
}

/** Sources in the order of the command line, each once, and a sentence for each path that gave none. */
export interface Found {
  readonly sources: readonly Source[];
  readonly problems: readonly string[];
}

/** Finds what the paths name; no path means the current folder. `stdinPath` is what standard input stands for. */
export function findSources(paths: readonly string[], world: World, stdinPath?: string): Found {
  const sources = new Map<string, Source>();
  const problems: string[] = [];
  for (const path of paths.length === 0 ? ["."] : paths) {
    const found = findOne(path, world, stdinPath);
    for (const source of found.sources) {
      const key = `${source.stdin ? "-" : source.path}#${source.slug ?? ""}`;
      // Found and named too: it counts as named.
      if (!sources.has(key) || !source.searched) sources.set(key, source);
    }
    problems.push(...found.problems);
  }
  return { sources: [...sources.values()], problems };
}

function findOne(path: string, world: World, stdinPath: string | undefined): Found {
  const stdin: Source =
    stdinPath === undefined
      ? { name: "-", stdin: true }
      : { ...named(resolve(world.cwd, stdinPath), world), stdin: true };
  if (path === "-") return { sources: [stdin], problems: [] };
  const found = findPath(path, world);
  if (found) return found;
  const hash = path.lastIndexOf("#");
  if (hash > 0) {
    const slug = path.slice(hash + 1);
    const file = path.slice(0, hash);
    if (file === "-") return { sources: [{ ...stdin, slug }], problems: [] };
    const whole = findPath(file, world);
    if (whole) return { ...whole, sources: whole.sources.map((source) => ({ ...source, slug })) };
  }
  return isGlob(path)
    ? findGlob(path, world)
    : failed(`cannot open ${path}: there is no such file or folder; check the path`);
}

/** What stands at a path; undefined where nothing does. */
function findPath(path: string, world: World): Found | undefined {
  const absolute = resolve(world.cwd, path);
  try {
    if (!statSync(absolute).isDirectory()) return { sources: [named(absolute, world)], problems: [] };
  } catch (error) {
    const reason = fileReason(error);
    return reason.startsWith("there is no")
      ? undefined
      : failed(`cannot open ${path}: ${reason}; check the path and its permissions`);
  }
  const found = searchFolder(absolute);
  const problems = found.unreadable.map(
    ({ path: at, error }) =>
      `cannot open ${named(at, world).name}: ${fileReason(error)}; check its permissions`,
  );
  if (found.files.length === 0 && problems.length === 0)
    return failed(
      `no descriptor in ${path}: no .yaml, .yml or .json file there has \`metadata\` and another section; name the file itself if it is one`,
    );
  return { sources: found.files.map((file) => ({ ...named(file, world), searched: true })), problems };
}

function findGlob(pattern: string, world: World): Found {
  const paths = expandGlob(pattern, world.cwd);
  if (paths.length === 0)
    return failed(`no file matches ${pattern}; check the pattern, which counts from ${world.cwd}`);
  const found = paths.map((path) => findPath(path, world));
  return {
    sources: found.flatMap((one) => one?.sources ?? []),
    problems: found.every((one) => (one?.sources.length ?? 0) === 0)
      ? found.flatMap((one) => one?.problems ?? [])
      : [],
  };
}

function named(absolute: string, world: World): Source {
  return { name: relative(world.cwd, absolute).split(sep).join("/"), path: absolute };
}

function failed(problem: string): Found {
  return { sources: [], problems: [problem] };
}
