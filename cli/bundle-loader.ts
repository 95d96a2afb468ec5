/**
 * Loads the program's bundles with V8's code cache, which saves the compilation of some hundred functions: a
 * seventh of a whole `connector validate`. The build writes a cache beside a bundle; V8 refuses one of another
 * version or with other flags, and then compiles as usual.
 */
import { readFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { join } from "node:path";
import { Script } from "node:vm";

/** Loads bundles of one folder, each once. */
export interface BundleLoader {
  /** What the bundle of that file name exports. */
  load(name: string): unknown;
  /** The scripts loaded so far by file name: the build takes their caches. */
  readonly scripts: ReadonlyMap<string, Script>;
}

type Wrapper = (
  exports: object,
  require: (id: string) => unknown,
  module: { exports: object },
  file: string,
  folder: string,
) => void;

/** A loader for the bundles in `folder`. A bundle's own `require("./other.cjs")` comes here too. */
export function createBundleLoader(folder: string): BundleLoader {
  const scripts = new Map<string, Script>();
  const loaded = new Map<string, { exports: object }>();
  const load = (name: string): unknown => {
    const known = loaded.get(name);
    if (known) return known.exports;
    const file = join(folder, name);
    const cachedData = readCache(`${file}.cache`);
    const script = new Script(
      Module.wrap(readFileSync(file, "utf8")),
      cachedData ? { filename: file, cachedData } : { filename: file },
    );
    const bundle = { exports: {} };
    scripts.set(name, script);
    loaded.set(name, bundle);
    const outside = createRequire(file);
    const require = (id: string): unknown => (id.startsWith("./") ? load(id.slice(2)) : outside(id));
    // `Module.wrap` makes the script a function expression of this very shape.
    (script.runInThisContext() as Wrapper)(bundle.exports, require, bundle, file, folder);
    return bundle.exports;
  };
  return { load, scripts };
}

function readCache(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    // Without a cache the bundle is compiled from its text.
    return undefined;
  }
}
