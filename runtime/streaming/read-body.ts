/** A live body as its reader meets it: bytes, text, or records of JSON Lines and CSV. One member a type. */
import type { ResponseType } from "../../schema/ir.ts";
import { ConnectorError } from "../errors.ts";
import { textDecoder } from "../response/charset.ts";
import { explained } from "../response/decode.ts";
import { invalidResponse } from "../response/invalid.ts";
import { isBlank, parseLine } from "../response/json-lines.ts";

/** Pieces of a body, in order. */
export type Pieces = AsyncIterable<Uint8Array>;

export interface BodyReading {
  readonly contentType: string | undefined;
  /** Characters of one record. */
  readonly maxRecord: number;
}

/** What a stream of this type yields; undefined where the type makes sense only as a whole. */
export function readerOf(
  type: ResponseType,
): ((pieces: Pieces, reading: BodyReading) => AsyncGenerator<unknown, void, void>) | undefined {
  switch (type) {
    case "binary":
      return readBytes;
    case "text":
      return readText;
    case "jsonl":
      return readJsonLines;
    case "csv":
      return readCsv;
    default:
      return undefined;
  }
}

/** The bytes as they come. */
export async function* readBytes(pieces: Pieces): AsyncGenerator<Uint8Array, void, void> {
  yield* pieces;
}

/** Text by its charset; never a replacement character in silence, never half a character. */
async function* readText(pieces: Pieces, { contentType }: BodyReading): AsyncGenerator<string, void, void> {
  const { decode, encoding } = textDecoder(contentType);
  let bytes = 0;
  const read = (chunk: Uint8Array | undefined): string => {
    try {
      return decode(chunk);
    } catch {
      throw invalidResponse(`The answer is not valid ${encoding} at or before byte ${bytes}.`, { encoding });
    }
  };
  for await (const chunk of pieces) {
    bytes += chunk.length;
    const text = read(chunk);
    if (text !== "") yield text;
  }
  const rest = read(undefined);
  if (rest !== "") yield rest;
}

async function* readJsonLines(pieces: Pieces, reading: BodyReading): AsyncGenerator<unknown, void, void> {
  let number = 0;
  // JSON Lines are UTF-8 whatever the header says, as JSON is (RFC 8259, section 8.1).
  const texts = readText(pieces, { ...reading, contentType: undefined });
  for await (const line of linesOf(texts, reading.maxRecord)) {
    number++;
    if (isBlank(line)) continue;
    yield recordOf(line, number, reading.contentType);
  }
}

function recordOf(line: string, number: number, contentType: string | undefined): unknown {
  try {
    return parseLine(line, number);
  } catch (thrown) {
    // A page of HTML shows in its first line.
    if (number > 1) throw thrown;
    throw explained(thrown, new TextEncoder().encode(line.slice(0, 512)), contentType, "JSON Lines");
  }
}

async function* readCsv(pieces: Pieces, reading: BodyReading): AsyncGenerator<unknown, void, void> {
  const { CsvReader } = await import("../response/csv.ts");
  const reader = new CsvReader(reading.contentType);
  for await (const block of blocksOf(readText(pieces, reading), reading.maxRecord)) yield* reader.read(block);
}

/** Line by line, without the line breaks. */
async function* linesOf(texts: AsyncIterable<string>, max: number): AsyncGenerator<string, void, void> {
  const pending = new Pending(max);
  for await (const text of texts) {
    let from = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
      yield pending.take(text.slice(from, end));
      from = end + 1;
    }
    pending.add(text.slice(from));
  }
  const rest = pending.take("");
  if (rest !== "") yield rest;
}

/** Blocks of whole rows; a line break within quotes ends no row (RFC 4180, section 2). */
async function* blocksOf(texts: AsyncIterable<string>, max: number): AsyncGenerator<string, void, void> {
  const pending = new Pending(max);
  let quoted = false;
  for await (const text of texts) {
    let end = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 0x22) quoted = !quoted;
      else if (code === 0x0a && !quoted) end = at + 1;
    }
    if (end > 0) yield pending.take(text.slice(0, end));
    pending.add(text.slice(end));
  }
  const rest = pending.take("");
  if (rest !== "") yield rest;
}

/** The beginning of a record whose end has not come yet. */
class Pending {
  readonly #max: number;
  #parts: string[] = [];
  #length = 0;

  constructor(max: number) {
    this.#max = max;
  }

  add(text: string): void {
    if (text === "") return;
    this.#parts.push(text);
    this.#length += text.length;
    if (this.#length > this.#max) throw tooLong(this.#max);
  }

  take(last: string): string {
    if (this.#parts.length === 0) return last;
    const whole = this.#parts.join("") + last;
    this.#parts = [];
    this.#length = 0;
    return whole;
  }
}

function tooLong(max: number): ConnectorError {
  return new ConnectorError({
    code: "response_too_large",
    phase: "response",
    message: `One record of the answer exceeds ${max} characters. Raise \`maxResponseBytes\`, or check that the endpoint answers with records.`,
  });
}
