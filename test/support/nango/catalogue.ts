/** The half catalogue of real APIs that lies beside the project: read where it is there, and never copied. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type Entry, readEntry } from "../../../compiler/import/nango/entry.ts";

export type { Entry, EntryField, Scalars, TokenStep } from "../../../compiler/import/nango/entry.ts";

export const cataloguePath: string = join(
  import.meta.dirname,
  "../../../../shared/corpus/nango/providers-half.yaml",
);

export const catalogueIsThere: boolean = existsSync(cataloguePath);

/** Every entry by its name as it stands, what it inherits filled in. */
export function readRawCatalogue(): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const all: Readonly<Record<string, Readonly<Record<string, unknown>>>> = parse(
    readFileSync(cataloguePath, "utf8"),
  );
  const resolve = (name: string): Readonly<Record<string, unknown>> => {
    const { alias, ...own } = all[name] ?? {};
    return typeof alias === "string" ? { ...resolve(alias), ...own } : own;
  };
  return new Map(Object.keys(all).map((name) => [name, resolve(name)]));
}

export function readCatalogue(): ReadonlyMap<string, Entry> {
  return new Map([...readRawCatalogue()].map(([name, entry]) => [name, readEntry(entry)]));
}
