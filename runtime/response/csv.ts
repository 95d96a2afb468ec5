/** The one door to the CSV parser (RFC 4180). */
import { CsvError, parse } from "csv-parse/sync";
import { invalidResponse } from "./invalid.ts";

/** A record: a string for each column of the header row. */
export type CsvRecord = Record<string, string>;

/** The records of a CSV text whose first row names the columns; tab-separated where the content type says so. */
export function parseCsv(text: string, contentType: string | undefined): CsvRecord[] {
  return new CsvReader(contentType).read(text);
}

/** Reads a CSV text in blocks of whole rows; the first row names the columns. */
export class CsvReader {
  readonly #delimiter: string;
  #header: readonly string[] | undefined = undefined;
  /** Line breaks before the next block. */
  #lines = 0;

  constructor(contentType: string | undefined) {
    this.#delimiter = /^\s*text\/tab-separated-values\b/i.test(contentType ?? "") ? "\t" : ",";
  }

  read(block: string): CsvRecord[] {
    const rows = readRows(block, this.#delimiter, this.#lines);
    this.#header ??= headerOf(rows.shift());
    const header = this.#header;
    const [first] = rows;
    // Within a block the parser compares.
    if (header && first && first.length !== header.length)
      throw invalidCsv(this.#lines + 1, "record inconsistent fields length");
    this.#lines += breaksIn(block);
    // `fromEntries` defines own properties, whatever a column is called.
    return rows.map((row) =>
      Object.fromEntries((header ?? []).map((name, column) => [name, row[column] ?? ""])),
    );
  }
}

function headerOf(header: readonly string[] | undefined): readonly string[] | undefined {
  const repeated = header?.find((name, column) => header.indexOf(name) !== column);
  if (header && repeated !== undefined) {
    const column = header.lastIndexOf(repeated) + 1;
    throw invalidResponse(`The header row of the answer names column ${column} like an earlier one.`, {
      line: 1,
      column,
    });
  }
  return header;
}

function readRows(text: string, delimiter: string, linesBefore: number): string[][] {
  try {
    return parse(text, { delimiter, skip_empty_lines: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = lineOf(error);
    throw invalidCsv(line === undefined ? undefined : line + linesBefore, csvReason(error.code));
  }
}

function invalidCsv(line: number | undefined, reason: string): Error {
  return invalidResponse(
    `The answer is not valid CSV${line === undefined ? "" : ` at line ${line}`} (${reason}); check that the endpoint answers with CSV.`,
    { line },
  );
}

function breaksIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function lineOf(error: object): number | undefined {
  return "lines" in error && typeof error.lines === "number" ? error.lines : undefined;
}

/** The parser's code in words: its own message quotes the body. */
function csvReason(code: string): string {
  return code.replace(/^CSV_/, "").replaceAll("_", " ").toLowerCase();
}
