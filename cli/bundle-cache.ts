/**
 * Compiled code in a folder of the user's own, for Nodes that refuse what the package brings. V8 checks version, flags
 * and length of a cache and then runs it: whoever can write one can run code. So it lies in no folder that another
 * user could have made or may write to, and is opened through no link.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { isAbsolute, join } from "node:path";

/** Caches by bundle; failing is silent, since without one the bundle is compiled from its text. */
export interface BundleCache {
  read(bundle: string): Buffer | undefined;
  write(bundle: string, code: Buffer): void;
}

/** Days after which a file that was written is taken for one of a version that is gone. */
const keptDays = 30;

/** The cache of this user, for bundles of one build; undefined where there is no folder of the user's own to be had. */
export function openBundleCache(
  build: string,
  env: Readonly<Record<string, string | undefined>>,
): BundleCache | undefined {
  const base = baseFolder(env);
  if (base === undefined || env.NODE_DISABLE_COMPILE_CACHE || !process.getuid) return undefined;
  const user = process.getuid();
  const folder = join(base, "connectorc");
  // The length and time of the bundle's file tell one that was patched after the build.
  const fileOf = (bundle: string): string => {
    const { size, mtimeMs } = statSync(bundle);
    const name = bundle.slice(Math.max(bundle.lastIndexOf("/"), bundle.lastIndexOf("\\")) + 1);
    const of = [build, process.version, process.versions.v8, process.arch, size, Math.floor(mtimeMs)];
    return join(folder, `${name}-${of.join("-")}.cache`);
  };
  return {
    read: (bundle) =>
      attempt(() => (isPrivate(base, folder, user) ? readOwn(fileOf(bundle), user) : undefined)),
    write: (bundle, code) =>
      attempt(() => {
        mkdirSync(base, { recursive: true, mode: 0o700 });
        attempt(() => mkdirSync(folder, { mode: 0o700 }));
        if (!isPrivate(base, folder, user)) return;
        removeOld(folder);
        const file = fileOf(bundle);
        const unfinished = `${file}.${process.pid}`;
        writeFileSync(unfinished, code, { mode: 0o600, flag: "wx" });
        renameSync(unfinished, file);
      }),
  };
}

/** Where the platform keeps what can be made anew; a relative path is none (XDG Base Directory Specification). */
function baseFolder({
  XDG_CACHE_HOME,
  HOME,
}: Readonly<Record<string, string | undefined>>): string | undefined {
  if (XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME)) return XDG_CACHE_HOME;
  if (!HOME || !isAbsolute(HOME)) return undefined;
  return process.platform === "darwin" ? join(HOME, "Library", "Caches") : join(HOME, ".cache");
}

/** Ours, closed to all others, and in a folder where nobody else could put another in its place. */
function isPrivate(base: string, folder: string, user: number): boolean {
  const inner = lstatSync(folder);
  const outer = statSync(base);
  return inner.isDirectory() && isOwn(inner, user, 0o077) && isOwn(outer, user, 0o022);
}

function isOwn({ uid, mode }: Stats, user: number, forbidden: number): boolean {
  return uid === user && (mode & forbidden) === 0;
}

function readOwn(file: string, user: number): Buffer | undefined {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const found = fstatSync(descriptor);
    return found.isFile() && isOwn(found, user, 0o077) ? readFileSync(descriptor) : undefined;
  } finally {
    closeSync(descriptor);
  }
}

function removeOld(folder: string): void {
  const oldest = Date.now() - keptDays * 24 * 3600 * 1000;
  for (const name of readdirSync(folder))
    attempt(() => {
      if (name.includes(".cjs-") && lstatSync(join(folder, name)).mtimeMs < oldest)
        unlinkSync(join(folder, name));
    });
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
