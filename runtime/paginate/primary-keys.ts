import type { Pagination } from "../../schema/ir.ts";
import type { JsonPath } from "../../schema/language/jsonpath.ts";
import { select } from "../response/jsonpath.ts";
import { repeated } from "./page-errors.ts";
import { Seen } from "./seen.ts";

/** Throws `pagination_inconsistent` for a page with a record that came before. */
export type CheckKeys = (records: readonly unknown[]) => void;

/** Remembers the records of one reading by their primary keys, where the descriptor says what these are. */
export function checkingKeys(pagination: Pagination): CheckKeys {
  if (pagination.kind === "none" || pagination.primary_key.length === 0) return () => {};
  const { primary_key } = pagination;
  const [only] = primary_key;
  const seen = new Seen();
  return (records) => {
    for (const record of records) {
      const isNew =
        only && primary_key.length === 1
          ? isNewPart(seen, select(only, record)[0])
          : isNewKey(seen, primary_key, record);
      if (!isNew) throw repeated(primary_key.map(({ text }) => text));
    }
  };
}

/** A text and a number that read alike are two keys. */
const kinds = { json: 0, text: 1, number: 2 } as const;

/** By far the most lists have one field for a key: its text is hashed as it is. */
function isNewPart(seen: Seen, part: unknown): boolean {
  if (typeof part === "string") return seen.add(part, kinds.text);
  if (typeof part === "number") return seen.add(String(part), kinds.number);
  return part === undefined || part === null || seen.add(JSON.stringify(part), kinds.json);
}

/** Records without a key are told apart by nothing. */
function isNewKey(seen: Seen, paths: readonly JsonPath[], record: unknown): boolean {
  const key = paths.map((path) => select(path, record)[0]);
  return (
    key.every((part) => part === undefined || part === null) || seen.add(JSON.stringify(key), kinds.json)
  );
}
