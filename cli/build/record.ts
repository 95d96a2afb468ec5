/** What a build remembers of the files that it wrote, in `.connectorc.json` beside them: so an edit by hand shows. */
import { createHash } from "node:crypto";

export const recordName = ".connectorc.json";

/** SHA-256 (hex) of each file as it was written, by name. */
export type Hashes = ReadonlyMap<string, string>;

/** By target, since each of them may write to the same folder. */
export type BuildRecord = ReadonlyMap<string, Hashes>;

/** Line ends do not count: a checkout may change them. */
export function hashOf(text: string): string {
  return createHash("sha256").update(text.replaceAll("\r\n", "\n")).digest("hex");
}

/** Reads a record. What is no name of a file in its folder, or no hash, is left out: nothing is deleted by its word. */
export function readRecord(text: string | undefined): BuildRecord {
  if (text === undefined) return new Map();
  try {
    return new Map(
      entriesOf(JSON.parse(text)).map(([target, files]) => [
        target,
        new Map(
          entriesOf(files).filter(
            (entry): entry is [string, string] =>
              /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(entry[0]) && typeof entry[1] === "string",
          ),
        ),
      ]),
    );
  } catch (error) {
    if (error instanceof SyntaxError) return new Map();
    throw error;
  }
}

/** The same text for the same files, whatever the order in which targets were built. */
export function recordText(record: BuildRecord): string {
  const sorted = (map: ReadonlyMap<string, unknown>): [string, unknown][] =>
    [...map].sort(([left], [right]) => (left < right ? -1 : 1));
  const data = sorted(record).map(([target, files]) => [
    target,
    Object.fromEntries(files instanceof Map ? sorted(files) : []),
  ]);
  return `${JSON.stringify(Object.fromEntries(data), null, 2)}\n`;
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}
