/** A newer source into a descriptor that was imported before: the base of the last import is kept beside it. */
import { posix } from "node:path";
import { readSource } from "../../compiler/import/read-source.ts";
import { CommandFailure } from "../failure.ts";
import { type Conflict, mergeTexts } from "./three-way.ts";

/** Folder beside the descriptor, which no search of folders enters. */
const baseFolder = ".connector-import";

/** Where the text that an import made of a file is kept, relative to the connector's folder. */
export function basePath(path: string): string {
  return posix.join(baseFolder, path);
}

export interface Updated {
  readonly text: string;
  readonly conflicts: readonly Conflict[];
}

/** What a file holds after an update. `shown` names it in messages. */
export function update(shown: string, base: string | undefined, mine: string, theirs: string): Updated {
  if (base === undefined)
    throw new CommandFailure(
      `${shown} cannot be updated: the base of its last import is not kept in ${baseFolder} beside it. Import it into another folder, and move your changes there`,
    );
  for (const both of [true, false]) {
    const merged = mergeTexts(base, mine, theirs, both);
    if (!isSlipped(merged.text) || isSlipped(mine)) return merged;
  }
  throw new CommandFailure(
    `${shown} cannot be updated: what the source changed and what was edited do not fit together; nothing was changed. Import into another folder and compare the two`,
    1,
  );
}

/** No YAML, or a key that stands twice. */
function isSlipped(text: string): boolean {
  const read = readSource(text);
  return "problem" in read || read.problems.length > 0;
}
