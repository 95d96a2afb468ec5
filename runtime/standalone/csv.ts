/** CSV (RFC 4180) without a package, to the same records; stands in for `response/csv.ts` in a standalone client. */
import { invalidResponse } from "../response/invalid.ts";

const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
const tabbed = /(?:"((?:[^"]|"")*)"|([^"\t\r\n]*))(\t|\r\n|\n|\r|$)/y;

/** The records of a CSV text whose first row names the columns; tab-separated where the content type says so. */
export function parseCsv(text: string, contentType: string | undefined): Record<string, string>[] {
  const [header, ...rows] = rowsOf(
    text,
    /^\s*text\/tab-separated-values\b/i.test(contentType ?? "") ? tabbed : field,
  );
  if (!header) return [];
  const names = header.cells;
  if (new Set(names).size < names.length)
    throw invalidResponse("The header row of the answer names two columns alike.", { line: 1 });
  return rows.map(({ cells, line }) => {
    if (cells.length !== names.length) throw invalidCsv(line);
    // `fromEntries` defines own properties, whatever a column is called.
    return Object.fromEntries(names.map((name, column) => [name, cells[column] ?? ""]));
  });
}

interface Row {
  readonly cells: readonly string[];
  readonly line: number;
}

function rowsOf(text: string, cell: RegExp): Row[] {
  const rows: Row[] = [];
  let cells: string[] = [];
  let line = 1;
  let began = 1;
  for (let at = text.startsWith("\ufeff") ? 1 : 0; at < text.length || cells.length > 0; ) {
    cell.lastIndex = at;
    const [whole, quoted, plain = "", end = ""] = cell.exec(text) ?? [];
    if (whole === undefined) throw invalidCsv(line);
    line += whole.match(/\r\n|\n|\r/g)?.length ?? 0;
    cells.push(quoted?.replaceAll('""', '"') ?? plain);
    at += whole.length;
    if (end === "," || end === "\t") continue;
    // An empty line is no record.
    if (cells.length > 1 || cells[0] !== "" || quoted !== undefined) rows.push({ cells, line: began });
    cells = [];
    began = line;
  }
  return rows;
}

function invalidCsv(line: number): Error {
  return invalidResponse(
    `The answer is not valid CSV at line ${line}; check that the endpoint answers with CSV.`,
    { line },
  );
}
