import type { Cursor } from "../../lower/cursor.ts";
import { type KnownSteps, knownField, knownSteps } from "./paths.ts";
import type { SchemaType } from "./types.ts";

/** A path that the page reader follows. */
export interface PagingPath {
  readonly at: Cursor;
  readonly known: KnownSteps;
  /** It begins at a record, not at the answer. */
  readonly inRecord: boolean;
  /** The types that serve; undefined: any. */
  readonly serves?: readonly SchemaType[];
  /** What it leads to is sent as a cursor. */
  readonly isCursor?: boolean;
  /** What another type would do, as the end of a sentence, and how grave that is. */
  readonly otherwise?: { readonly what: string; readonly severity: "error" | "warning" };
}

const cursor = {
  serves: ["string", "integer", "number"],
  otherwise: { what: "a cursor is text or a number", severity: "error" },
  isCursor: true,
} as const;

const rules: {
  readonly [key: string]: Pick<PagingPath, "serves" | "otherwise" | "isCursor"> & {
    readonly inRecord?: true;
  };
} = {
  cursor_path: cursor,
  cursor_from_record: { ...cursor, inRecord: true },
  next_url_path: {
    serves: ["string"],
    otherwise: { what: "the next page's URL is text", severity: "error" },
  },
  has_more_path: {
    serves: ["boolean", "integer", "number", "string", "null"],
    otherwise: { what: "a list or map counts as more, even an empty one", severity: "warning" },
  },
  total_path: {
    serves: ["integer", "number", "string"],
    otherwise: { what: "only a number is taken for a total", severity: "warning" },
  },
  primary_key: { inRecord: true },
};

/** Reads the paths of each pagination once: that of `defaults` serves many operations. */
export function createPagingPaths(): (at: Cursor) => readonly PagingPath[] {
  const known = new Map<Cursor, readonly PagingPath[]>();
  return (at) => {
    const paths = known.get(at) ?? pagingPaths(at);
    known.set(at, paths);
    return paths;
  };
}

/** Every path of a pagination, as far as its steps are plain. */
function pagingPaths(at: Cursor): PagingPath[] {
  const own = Object.entries(rules).flatMap(([key, { inRecord = false, ...rule }]) =>
    at
      .at(key)
      .itemsOrSelf()
      .flatMap((one) => pathAt(one, inRecord, rule)),
  );
  const inRecord = at.has("cursor_from_record");
  const beside = at
    .at("more_cursors")
    .entries()
    .flatMap(([, one]) => pathAt(one, inRecord, cursor));
  const stops = at
    .at("stop_when")
    .itemsOrSelf()
    .flatMap((one) => {
      // A condition that a value is missing finds what it looks for.
      const json = one.at("json");
      return json.at("exists").boolean() === false ? [] : pathAt(json.at("path"), false, {});
    });
  return [...own, ...beside, ...stops];
}

function pathAt(
  at: Cursor,
  inRecord: boolean,
  rule: Pick<PagingPath, "serves" | "otherwise" | "isCursor">,
): PagingPath[] {
  const text = at.string();
  if (text === undefined) return [];
  const known = inRecord ? knownField(text) : knownSteps(text);
  return known ? [{ at, known, inRecord, ...rule }] : [];
}
