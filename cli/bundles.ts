/** The package's own bundles, as the entries of `dist/cli` load them. */
import { type BundleCache, openBundleCache } from "./bundle-cache.ts";
import { type BundleLoader, createBundleLoader } from "./bundle-loader.ts";

/** Names the texts of all bundles; the build puts it here. */
declare const bundlesHash: string;

/** The V8 that made the caches of the package; the build puts it here. */
declare const bundlesV8: string;

/** A loader for the bundles in `folder`; `isMain` may write what compiled code the package has not for this Node. */
export function loadBundles(folder: string, isMain: boolean): BundleLoader {
  const cache = process.versions.v8 === bundlesV8 ? undefined : openBundleCache(bundlesHash, process.env);
  return createBundleLoader(folder, require, cache && !isMain ? readOnly(cache) : cache);
}

/** What threads would write is what the main one does. */
function readOnly(cache: BundleCache): BundleCache {
  return { ...cache, write: () => {} };
}
