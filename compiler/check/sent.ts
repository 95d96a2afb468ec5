import type { Entry, Operation } from "../../schema/ir.ts";
import type { Cursor } from "../lower/cursor.ts";
import type { DeclaredOperation } from "../lower/declared.ts";
import type { Pointer } from "../read/tree.ts";

export type SentIn = "header" | "query" | "cookie";

/** A header, query entry or cookie that an operation sends besides its credential, and where it is written. */
export interface SentEntry {
  readonly in: SentIn;
  readonly name: string;
  readonly from: "own" | "defaults" | "parameter" | "idempotency";
  readonly path: Pointer;
  readonly at: "key" | "value";
}

/** What an operation sends under a wanted name, as its exchange says: a parameter that a hole places is not here. */
export function sentEntries(
  operation: Operation,
  declared: DeclaredOperation,
  defaults: Cursor,
  wanted: (place: SentIn, name: string) => boolean,
): SentEntry[] {
  const { exchange, idempotency_header: key } = operation;
  const find = (place: SentIn, entries: readonly Entry[]): SentEntry[] =>
    entries
      .filter(({ name }) => wanted(place, name))
      .map((entry) => ({ in: place, name: entry.name, ...placeOf(entry, place, declared, defaults) }));
  return [
    ...find("header", exchange.headers),
    ...find("query", exchange.query),
    ...find("cookie", exchange.cookies),
    ...(key === undefined || !wanted("header", key)
      ? []
      : [
          {
            in: "header" as const,
            name: key,
            from: "idempotency" as const,
            path: [...declared.at.path, "idempotency", "header"],
            at: "value" as const,
          },
        ]),
  ];
}

function placeOf(
  entry: Entry,
  place: SentIn,
  { at, parameters }: DeclaredOperation,
  defaults: Cursor,
): Pick<SentEntry, "from" | "path" | "at"> {
  if (entry.kind === "parameter") {
    const owner = parameters.find(({ name }) => name === entry.parameter)?.at ?? at;
    const key = owner.has("wire_name") ? "wire_name" : "name";
    return { from: "parameter", path: [...owner.path, key], at: "value" };
  }
  const map = place === "header" ? "headers" : "query";
  if (at.at(map).has(entry.name)) return { from: "own", path: [...at.path, map, entry.name], at: "key" };
  if (defaults.at(map).has(entry.name))
    return { from: "defaults", path: [...defaults.path, map, entry.name], at: "key" };
  // The rest of the query stands in the endpoint itself.
  return { from: "own", path: [...at.path, "endpoint"], at: "value" };
}
