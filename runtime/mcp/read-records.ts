import type { Connection, Parameters } from "../connection/connection.ts";
import { ConnectorError } from "../errors.ts";
import { fitInto, jsonBytes } from "./fit.ts";
import type { TellProgress } from "./progress.ts";
import { type FieldTree, memberNames, project } from "./project.ts";

/** Where reading goes on: a page by the runtime's cursor (none: the first), and how many of its records are known. */
export interface Place {
  readonly page: string | undefined;
  readonly skip: number;
}

/** How many records go into an answer, and which of their members. */
export interface RecordTaking {
  readonly place: Place;
  readonly fields: FieldTree;
  /** Page after page until so many are at hand; without it one page is read. */
  readonly maxItems: number | undefined;
  /** Bytes of JSON that the records may take. */
  readonly bytes: number;
  /** The tool takes a cursor. */
  readonly goesOn: boolean;
  readonly tell: TellProgress;
}

export interface RecordReading extends RecordTaking {
  readonly connection: Connection;
  readonly operation: string;
  readonly parameters: Parameters;
  readonly signal: AbortSignal;
  readonly timeoutMs: number | undefined;
}

/** Records that fit, where the rest begins, and what a reader should know. */
export interface ReadRecords {
  readonly items: readonly unknown[];
  readonly next: Place | undefined;
  readonly note: string | undefined;
}

/** Reads the records of one page, or of as many as are asked for; what does not fit is told and stays where it is. */
export async function readRecords(reading: RecordReading): Promise<ReadRecords> {
  const { connection, operation, parameters, signal, timeoutMs, place } = reading;
  const taken = new TakenRecords(reading);
  const options = {
    signal,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(place.page === undefined ? {} : { cursor: place.page }),
  };
  try {
    for await (const page of connection.pages(operation, parameters, options)) {
      if (taken.take(page.records, page.cursor)) break;
    }
  } catch (thrown) {
    // What was read is whole; the error stays where the next call meets it again.
    if (taken.items.length === 0 || !ConnectorError.is(thrown) || thrown.code === "aborted") throw thrown;
    taken.note = `Reading on failed (${thrown.code}); try again with next_cursor.`;
  }
  return { items: taken.items, next: taken.next, note: taken.note };
}

/** The same with a list that is at hand. */
export function takeRecords(records: readonly unknown[], taking: RecordTaking): ReadRecords {
  const taken = new TakenRecords(taking);
  taken.take(records, undefined);
  return { items: taken.items, next: taking.goesOn ? taken.next : undefined, note: taken.note };
}

class TakenRecords {
  readonly items: unknown[] = [];
  next: Place | undefined;
  note: string | undefined;
  readonly #reading: RecordTaking;
  readonly #most: number;
  #page: string | undefined;
  #skip: number;
  #left: number;

  constructor(reading: RecordTaking) {
    this.#reading = reading;
    this.#most = reading.maxItems ?? Infinity;
    this.#page = reading.place.page;
    this.#skip = reading.place.skip;
    this.#left = reading.bytes;
  }

  /** Takes what fits of a page; true where enough was read. */
  take(records: readonly unknown[], following: string | undefined): boolean {
    for (let at = this.#skip; at < records.length; at++) {
      this.next = { page: this.#page, skip: at };
      if (this.items.length >= this.#most) return true;
      if (!this.#add(records[at])) {
        this.note ??= this.#reading.goesOn
          ? `${this.items.length} items fit into one answer; go on with next_cursor, or ask for fewer fields.`
          : `${this.items.length} of ${records.length} items fit into one answer.`;
        return true;
      }
    }
    this.#page = following;
    this.#skip = 0;
    this.next = following === undefined ? undefined : { page: following, skip: 0 };
    const { maxItems, tell } = this.#reading;
    tell(this.items.length, `${this.items.length} items read`, maxItems);
    return maxItems === undefined || this.items.length >= maxItems;
  }

  #add(record: unknown): boolean {
    const picked = project(record, this.#reading.fields);
    const size = jsonBytes(picked) + 1;
    if (size <= this.#left) {
      this.#left -= size;
      this.items.push(picked);
      this.#lookFor(record, picked);
      return true;
    }
    if (this.items.length > 0) return false;
    // A record that no answer could hold is cut, so that reading goes on behind it.
    const { value, cut } = fitInto(picked, this.#left);
    this.items.push(value);
    this.#left = 0;
    this.note = `One item alone is too long: cut at ${cut.join(", ")}. Ask for few fields to see more.`;
    return true;
  }

  /** Fields that the first record does not have are likely misspelt. */
  #lookFor(record: unknown, picked: unknown): void {
    if (this.items.length > 1 || this.#reading.fields.size === 0 || memberNames(picked).length > 0) return;
    const names = memberNames(record);
    if (names.length > 0) this.note = `No item has these fields; there are ${names.slice(0, 40).join(", ")}.`;
  }
}
