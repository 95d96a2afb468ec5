/**
 * Loads the program's bundles with V8's code cache, which saves the compilation of some hundred functions: a
 * seventh of a whole `connector validate`. The build writes a cache beside a bundle; V8 refuses one of another
 * version or with other flags, and then the user's own cache is asked.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";
import type { BundleCache } from "./bundle-cache.ts";
import { unlimitHeapGrowth } from "./heap-growth.ts";

/** Loads bundles of one folder, each once. */
export interface BundleLoader {
  /** What the bundle of that file name exports. */
  load(name: string): unknown;
  /** The scripts loaded so far by file name: the build takes their caches. */
  readonly scripts: ReadonlyMap<string, Script>;
}

/**
 * What a bundle's text begins and ends with: the function that makes it a module. The build writes it, because to put it
 * around half a megabyte at each start copies that twice.
 */
export const wrapper = ["(function (exports, require, module, __filename, __dirname) {", "\n})"] as const;

/** Gives what stands outside of the bundles: Node's own modules, and the packages that are not bundled. */
export type Require = (id: string) => unknown;

type Wrapper = (
  exports: object,
  require: Require,
  module: { exports: object },
  file: string,
  folder: string,
) => void;

/**
 * A loader for the bundles in `folder`. A bundle's own `require("./other.cjs")` comes here too, any other goes to
 * `outside`, which is of a module of that folder: `node:module` alone takes half a millisecond to load. `own` is asked instead
 * of the package's caches, where another V8 made them, and is given at the end of the process what it did not have.
 */
export function createBundleLoader(folder: string, outside: Require, own?: BundleCache): BundleLoader {
  const scripts = new Map<string, Script>();
  const loaded = new Map<string, { exports: object }>();
  const load = (name: string): unknown => {
    const known = loaded.get(name);
    if (known) return known.exports;
    const file = join(folder, name);
    const script = compile(file, own);
    const bundle = { exports: {} };
    scripts.set(name, script);
    loaded.set(name, bundle);
    const require: Require = (id) => (id.startsWith("./") ? load(id.slice(2)) : outside(id));
    // The build makes the script a function expression of this very shape.
    (script.runInThisContext() as Wrapper)(bundle.exports, require, bundle, file, folder);
    return bundle.exports;
  };
  return { load, scripts };
}

function compile(file: string, own: BundleCache | undefined): Script {
  // Bundles are ASCII; to read them as UTF-8 takes twice as long.
  const text = readFileSync(file, "latin1");
  const shipped = `${file}.cache`;
  // Bundles without one are seldom loaded: they are not worth a place in the user's folder.
  const cache = own && existsSync(shipped) ? own : undefined;
  // Asked for once: V8 has the text compiled after one refusal, and would not look at a second cache.
  const cachedData = cache ? cache.read(file) : readShipped(shipped);
  const script = new Script(text, cachedData ? { filename: file, cachedData } : { filename: file });
  // At the end it holds the functions that the run has compiled.
  if (cache && (!cachedData || script.cachedDataRejected))
    process.once("exit", () => {
      unlimitHeapGrowth();
      cache.write(file, script.createCachedData());
    });
  return script;
}

function readShipped(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    // Without a cache the bundle is compiled from its text.
    return undefined;
  }
}
