import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What of a bundler's report tells which files it took, by path relative to the root of the project. */
export interface BundleReport {
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** The precompiled validators hold these, wherever they are. */
const inValidators = ["node_modules/ajv", "node_modules/fast-deep-equal"];

/** Name, version and licence text of every package whose code is in a bundle. */
export function licenceNotices(reports: readonly BundleReport[], root: string): string {
  const packages = new Set(inValidators);
  for (const { inputs } of reports)
    for (const input of Object.keys(inputs)) {
      const found = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input);
      if (found) packages.add(found[0]);
    }
  const texts = [...packages].sort().map((folder) => notice(folder, root));
  return `This package contains code of the following packages.\n\n${texts.join(`\n${"-".repeat(100)}\n\n`)}`;
}

function notice(folder: string, root: string): string {
  const place = join(root, folder);
  const { name, version, license }: Readonly<Record<string, unknown>> = JSON.parse(
    readFileSync(join(place, "package.json"), "utf8"),
  );
  const file = readdirSync(place).find((entry) => /^licen[cs]e/i.test(entry));
  const text =
    file === undefined
      ? "The package names its licence, and has no text of it."
      : readFileSync(join(place, file), "utf8").trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}
