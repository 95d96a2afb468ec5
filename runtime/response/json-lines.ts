import { ConnectorError } from "../errors.ts";
import { invalidResponse } from "./invalid.ts";
import { parseJson } from "./json-text.ts";

/** The values of a JSON Lines text, one a line; blank lines hold none. */
export function parseJsonLines(text: string): unknown[] {
  const values: unknown[] = [];
  let number = 0;
  for (const line of text.split("\n")) {
    number++;
    if (!isBlank(line)) values.push(parseLine(line, number));
  }
  return values;
}

/** The value of one line; `number` counts from 1. */
export function parseLine(line: string, number: number): unknown {
  try {
    return parseJson(line);
  } catch (error) {
    const offset = ConnectorError.is(error) ? error.details?.offset : undefined;
    throw invalidResponse(
      `Line ${number} of the answer is not valid JSON at character ${String(offset)}; check that the endpoint answers with JSON Lines.`,
      { line: number, offset },
    );
  }
}

/** Of the blanks of JSON alone (RFC 8259, section 2); the CR of a line end among them. */
export function isBlank(line: string): boolean {
  return /^[ \t\r]*$/.test(line);
}
