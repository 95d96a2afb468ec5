import { jsonText } from "../report/escape.ts";
import type { Compared, Place } from "./pair.ts";

/** The one object that `connector diff --format json` prints; `schema/diff.schema.json` is its contract. */
export function jsonDiff(compared: readonly Compared[]): string {
  const report = {
    version: 1,
    ok: compared.every(({ version }) => !version?.problem),
    connectors: compared.map(({ slug, old, new: now, version, floor, changes }) => ({
      slug,
      old: old ? sideOf(old) : null,
      new: now ? sideOf(now) : null,
      floor: floor ?? "none",
      least_version: version?.least ?? null,
      problem: version?.problem ?? null,
      changes,
    })),
  };
  return `${jsonText(report, 2)}\n`;
}

function sideOf({ file, document, ir }: Place): object {
  return { file: file.name, document, slug: ir.slug, version: ir.version };
}

/** The report of a command that compared nothing. */
export const emptyDiff: string = `${jsonText({ version: 1, ok: false, connectors: [] }, 2)}\n`;
