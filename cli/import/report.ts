/** What an import did, for people and for programs. */
import type { Imported } from "../../compiler/import/import.ts";
import { escapeForTerminal } from "../report/escape.ts";
import { counted } from "../report/summary.ts";

/** One JSON document: for each connector its files, its operations, and what was not carried over. */
export function jsonImportReport({ format, connectors, refused }: Imported): string {
  const report = {
    format,
    connectors: connectors.map(({ slug, files, operations, lost }) => ({
      slug,
      files: files.map(({ path }) => path),
      operations,
      not_carried: lost,
    })),
    refused,
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/** A line for each thing that was not carried over, and a last one for each connector. */
export function textImportReport({ connectors, refused }: Imported): string {
  const told = connectors
    .flatMap(({ slug, operations, lost }) => [
      ...lost.map(({ at, message }) => `${escapeForTerminal(at)}: ${escapeForTerminal(message)}\n`),
      `${slug}: ${operations.carried} of ${counted(operations.found, "operation")}, ${counted(lost.length, "note")}\n`,
    ])
    .join("");
  return refused.reduce(
    (text, { at, message }) => `${text}${escapeForTerminal(at)}: ${escapeForTerminal(message)}\n`,
    told,
  );
}
