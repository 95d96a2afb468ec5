/** The third-party suites live outside the repository; tests that need one are skipped, loudly, without it. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const suites = new URL("../../../../shared/corpus/suites/", import.meta.url);

/** Path of a file or folder in the suites, or undefined (with a warning) where it is absent. */
export function suitePath(relative: string): string | undefined {
  const path = fileURLToPath(new URL(relative, suites));
  if (existsSync(path)) return path;
  console.warn(`SKIPPED: the suite ${relative} is not at hand (expected beside the repository)`);
  return undefined;
}

/** A JSON file of the suites; undefined (with a warning) where it is absent. */
export function suiteJson(relative: string): unknown {
  const path = suitePath(relative);
  return path === undefined ? undefined : JSON.parse(readFileSync(path, "utf8"));
}
