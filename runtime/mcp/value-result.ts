import type { CallToolResult } from "@modelcontextprotocol/server";
import { fitInto, fitText, jsonBytes } from "./fit.ts";
import { memberNames, project } from "./project.ts";
import { type Place, type ReadRecords, type RecordTaking, takeRecords } from "./read-records.ts";
import { structuredResult } from "./tool-result.ts";

/** Makes the cursor that leads to a place. */
export type SealPlace = (place: Place) => string;

/** An answer of records. */
export function recordsResult({ items, next, note }: ReadRecords, seal: SealPlace): CallToolResult {
  return structuredResult({
    items,
    ...(next ? { next_cursor: seal(next) } : {}),
    ...(note === undefined ? {} : { note }),
  });
}

/** An answer of one value: an object as it is, anything else as `result`, a list as records. */
export function valueResult(data: unknown, taking: RecordTaking, seal: SealPlace): CallToolResult {
  if (Array.isArray(data)) return recordsResult(takeRecords(data, taking), seal);
  if (typeof data === "string") return textResult(data, taking, seal);
  if (typeof data !== "object" || data === null) return structuredResult({ result: data ?? null });
  const picked = project(data, taking.fields);
  const { value, cut } = fitInto(picked, taking.bytes);
  // What `fitInto` makes of an object is one, unless nothing of it fits.
  const structured = { ...(value as Readonly<Record<string, unknown>> | null) };
  const note = noteOf(data, picked, cut);
  return structuredResult(note === undefined ? structured : { ...structured, _note: note });
}

function textResult(text: string, { place, bytes, goesOn }: RecordTaking, seal: SealPlace): CallToolResult {
  const rest = text.slice(place.skip);
  if (jsonBytes(rest) <= bytes) return structuredResult({ result: rest });
  const result = fitText(rest, bytes);
  const next = place.skip + result.length;
  return structuredResult({
    result,
    ...(goesOn ? { next_cursor: seal({ page: undefined, skip: next }) } : {}),
    note: `Characters ${place.skip + 1} to ${next} of ${text.length}${goesOn ? "; go on with next_cursor" : ""}.`,
  });
}

function noteOf(data: object, picked: unknown, cut: readonly string[]): string | undefined {
  if (cut.length > 0)
    return `The answer is too long: cut at ${cut.join(", ")}. Ask for few fields to see all of them.`;
  if (memberNames(picked).length > 0 || memberNames(data).length === 0) return undefined;
  return `The answer has none of these fields; there are ${memberNames(data).slice(0, 40).join(", ")}.`;
}
