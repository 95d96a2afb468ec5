/** What `--watch` remembers: the findings of each file, and how every file stood that they depend on. */
import { statSync } from "node:fs";
import { dirname } from "node:path";
import type { Source } from "../find/sources.ts";
import { type Checked, checkFiles } from "./check-files.ts";
import type { Settings } from "./settings.ts";
import type { Standing } from "./settle.ts";

export interface Memory {
  /** Begins a run over these files: how they stand now is how they will have been read. */
  begin(sources: readonly string[]): void;
  /** As `checkFiles`, but only files that changed, or whose policy did, are read and judged. */
  readonly check: typeof checkFiles;
  /** Other files that the run depended on, there or not. */
  depend(paths: readonly string[]): void;
  sources(): readonly string[];
  /** The folders of all files that the run depended on. */
  folders(): readonly string[];
  /** Whether another run would find other files, or files in another state. */
  isStale(sources: readonly string[]): boolean;
  /** How these files and all that the run depended on stand now. */
  look(sources: readonly string[]): Standing;
}

interface Remembered {
  readonly state: string;
  readonly checked: Checked;
}

export function createMemory(): Memory {
  const reports = new Map<string, Remembered>();
  let sources: readonly string[] = [];
  let stamps = new Map<string, string>();
  const note = (path: string): string => {
    const stamp = stamps.get(path) ?? stampOf(path);
    stamps.set(path, stamp);
    return stamp;
  };
  const stateOf = (source: Source, settings: Settings, reads: readonly string[]): string =>
    JSON.stringify([settings.policyOf(source.name), note(source.path ?? ""), reads.map(note)]);
  const recall = (source: Source, settings: Settings): Checked | undefined => {
    const found = reports.get(keyOf(source));
    if (!found) return undefined;
    return stateOf(source, settings, readsOf(found.checked)) === found.state ? found.checked : undefined;
  };
  return {
    begin(paths) {
      sources = paths;
      stamps = new Map(paths.map((path) => [path, stampOf(path)]));
    },
    async *check(wanted, settings, world) {
      const known = new Map(wanted.map((source) => [source, recall(source, settings)]));
      const changed = wanted.filter((source) => !known.get(source));
      const answers = checkFiles(changed, settings, world)[Symbol.asyncIterator]();
      for (const source of wanted) {
        const baseline = settings.baselineOf(source.name);
        if (baseline !== undefined) note(baseline);
        const checked = known.get(source) ?? (await answers.next()).value;
        if (!checked) continue;
        reports.set(keyOf(source), { state: stateOf(source, settings, readsOf(checked)), checked });
        yield checked;
      }
      // It may hold workers, which go when it is done.
      await answers.return?.();
    },
    depend: (paths) => paths.forEach(note),
    sources: () => sources,
    folders: () => [...new Set([...stamps.keys()].map(dirname))],
    isStale: (now) =>
      now.join("\0") !== sources.join("\0") || [...stamps].some(([path, stamp]) => stampOf(path) !== stamp),
    look(now) {
      const standing = [...new Set([...now, ...stamps.keys()])].map((path) => ({
        path,
        stamp: stampOf(path),
      }));
      return {
        state: standing.map(({ path, stamp }) => `${path}\0${stamp}`).join("\0"),
        isUnfinished: standing.some(
          ({ path, stamp }) => isEmpty(stamp) && stamp !== (stamps.get(path) ?? ""),
        ),
      };
    },
  };
}

function keyOf({ name, slug }: Source): string {
  return `${name}#${slug ?? ""}`;
}

function readsOf(checked: Checked): readonly string[] {
  return "problem" in checked ? [] : (checked.reads ?? []);
}

/** A file's state as the disk has it: a save changes it, also one that puts another file in its place. */
export function stampOf(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found ? `${found.ino} ${found.size} ${found.mtimeNs}` : "";
}

/** Whether a stamp tells of a file that is not there, or has nothing in it. */
function isEmpty(stamp: string): boolean {
  return stamp === "" || stamp.split(" ")[1] === "0";
}
