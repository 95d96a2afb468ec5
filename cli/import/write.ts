/** Puts what was imported where the user asked for it. */
import { lstatSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { fileReason } from "../../compiler/disk-host.ts";
import type { Imported, ImportedFile } from "../../compiler/import/import.ts";
import type { Change } from "../build/plan.ts";
import { writeChanges } from "../build/write.ts";
import { CommandFailure } from "../failure.ts";
import { escapeForTerminal } from "../report/escape.ts";
import type { ExitCode, World } from "../world.ts";
import type { Conflict } from "./three-way.ts";
import { basePath, update } from "./update.ts";

export interface ImportTarget {
  readonly out: string;
  readonly force: boolean;
  readonly update: boolean;
  /** Printed to standard error, once all is written. */
  readonly report: string;
}

/** Prints the descriptor of the only connector, if it is one file. */
export async function printImport({ connectors }: Imported, world: World): Promise<void> {
  const [connector] = connectors;
  const [main, ...beside] = connector?.files ?? [];
  if (!main || connectors.length > 1)
    throw new CommandFailure(`this gives ${connectors.length} connectors; name a folder for them with --out`);
  if (beside.length > 0)
    throw new CommandFailure("this descriptor needs files beside it; name a folder for them with --out");
  await world.stdout.write(main.text);
}

/** Writes all files or none; exit code 1 where an update met conflicts. */
export async function writeImport(imported: Imported, target: ImportTarget, world: World): Promise<ExitCode> {
  const files = imported.connectors.flatMap(({ slug, files }) =>
    files.map((file) => plan(slug, file, target, world)),
  );
  const standing = files.find(({ main }) => main.before !== undefined && main.before !== main.after);
  if (standing && !target.force && !target.update)
    throw new CommandFailure(
      `${standing.main.shown} stands there already, and is not what this import makes; nothing was changed. Merge with --update, or overwrite with --force`,
    );
  const changes = files
    .flatMap(({ main, base }) => [main, base])
    .filter(({ before, after }) => before !== after);
  writeChanges(changes);
  for (const { main } of files) if (main.before !== main.after) await world.stdout.write(`${main.shown}\n`);
  for (const { main, conflicts } of files)
    for (const conflict of conflicts) await world.stderr.write(conflictText(main.shown, conflict));
  await world.stderr.write(target.report);
  return files.some(({ conflicts }) => conflicts.length > 0) ? 1 : 0;
}

interface PlannedFile {
  readonly main: Change;
  /** What the import made of the file, before anybody's edits. */
  readonly base: Change;
  readonly conflicts: readonly Conflict[];
}

function plan(slug: string, { path, text }: ImportedFile, target: ImportTarget, world: World): PlannedFile {
  const main = placeOf(join(slug, path), target, world);
  const base = placeOf(join(slug, basePath(path)), target, world);
  const isUpdate = target.update && main.before !== undefined;
  const { text: after, conflicts } = isUpdate
    ? update(main.shown, base.before, main.before ?? "", text)
    : { text, conflicts: [] };
  return { main: { ...main, after }, base: { ...base, after: text }, conflicts };
}

/** The lines that were kept, and those that the source has in their place. */
function conflictText(shown: string, { line, mine, theirs }: Conflict): string {
  const told = (sign: string, lines: readonly string[]): string =>
    lines.map((one) => `  ${sign} ${escapeForTerminal(one)}\n`).join("");
  return `${shown}:${line}: both were changed; yours stays (-), the source has (+)\n${told("-", mine)}${told("+", theirs)}`;
}

function placeOf(path: string, { out }: ImportTarget, { cwd }: World): Omit<Change, "after"> {
  const absolute = resolve(cwd, out, path);
  const shown = relative(cwd, absolute).split(sep).join("/");
  return { path: absolute, shown, before: current(absolute, shown) };
}

/** The text of a regular file; undefined where there is none. */
function current(path: string, shown: string): string | undefined {
  try {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) return undefined;
    if (found.isFile()) return readFileSync(path, "utf8");
  } catch (error) {
    throw new CommandFailure(`cannot read ${shown}: ${fileReason(error)}; check --out and its permissions`);
  }
  throw new CommandFailure(`cannot write ${shown}: it is a link or no regular file; remove it`);
}
