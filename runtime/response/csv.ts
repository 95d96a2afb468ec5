/** The one door to the CSV parser (RFC 4180). */
import { CsvError, parse } from "csv-parse/sync";
import { invalidResponse } from "./invalid.ts";

/** A record: a string for each column of the header row. */
export type CsvRecord = Record<string, string>;

/** The records of a CSV text whose first row names the columns; tab-separated where the content type says so. */
export function parseCsv(text: string, contentType: string | undefined): CsvRecord[] {
  const delimiter = /^\s*text\/tab-separated-values\b/i.test(contentType ?? "") ? "\t" : ",";
  const [header, ...rows] = readRows(text, delimiter);
  if (!header) return [];
  const repeated = header.find((name, column) => header.indexOf(name) !== column);
  if (repeated !== undefined) {
    const column = header.lastIndexOf(repeated) + 1;
    throw invalidResponse(`The header row of the answer names column ${column} like an earlier one.`, {
      line: 1,
      column,
    });
  }
  // `fromEntries` defines own properties, whatever a column is called.
  return rows.map((row) => Object.fromEntries(header.map((name, column) => [name, row[column] ?? ""])));
}

function readRows(text: string, delimiter: string): string[][] {
  try {
    return parse(text, { delimiter, skip_empty_lines: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = lineOf(error);
    throw invalidResponse(
      `The answer is not valid CSV${line === undefined ? "" : ` at line ${line}`} (${csvReason(error.code)}); check that the endpoint answers with CSV.`,
      { line },
    );
  }
}

function lineOf(error: object): number | undefined {
  return "lines" in error && typeof error.lines === "number" ? error.lines : undefined;
}

/** The parser's code in words: its own message quotes the body. */
function csvReason(code: string): string {
  return code.replace(/^CSV_/, "").replaceAll("_", " ").toLowerCase();
}
