import type { Pagination } from "../../schema/ir.ts";
import type { JsonPath } from "../../schema/language/jsonpath.ts";
import { select } from "../response/jsonpath.ts";
import { assertMeasured } from "./measured-depth.ts";
import { repeated } from "./page-errors.ts";
import { Seen } from "./seen.ts";

/** Throws `pagination_inconsistent` for a page with a record that came before. */
export type CheckKeys = (records: readonly unknown[]) => void;

/** Remembers the records of one reading by their primary keys, where the descriptor says what these are. */
export function checkingKeys(pagination: Pagination): CheckKeys {
  if (pagination.kind === "none" || pagination.primary_key.length === 0) return () => {};
  const { primary_key } = pagination;
  const seen = new Seen();
  const put = putKey(seen, primary_key);
  return (records) => {
    for (const record of records) put(record);
    if (!seen.addAll()) throw repeated(primary_key.map(({ text }) => text));
  };
}

/** Puts a record's key among those that were seen. By far the most lists have one field for a key. */
function putKey(seen: Seen, paths: readonly JsonPath[]): (record: unknown) => void {
  const [only] = paths;
  if (!only || paths.length > 1) return (record) => putWhole(seen, paths, record);
  const name = memberOf(only);
  if (name === undefined) return (record) => putPart(seen, select(only, record)[0]);
  return (record) => putPart(seen, hasMember(record, name) ? record[name] : undefined);
}

/** The name in a path of one name. */
function memberOf(path: JsonPath): string | undefined {
  const [step, more] = path.kind === "plain" ? path.steps : [];
  return typeof step === "string" && more === undefined ? step : undefined;
}

/** As `select` sees it: of an object, its own. */
function hasMember(record: unknown, name: string): record is Record<string, unknown> {
  return (
    typeof record === "object" && record !== null && !Array.isArray(record) && Object.hasOwn(record, name)
  );
}

/** A text and a number that read alike are two keys. */
const kinds = { json: 0, text: 1, number: 2, integer: 3 } as const;

/** The text of one field is hashed as it is, and so is a whole number. Records without a key are told apart by nothing. */
function putPart(seen: Seen, part: unknown): void {
  if (typeof part === "string") seen.put(part, kinds.text);
  else if (typeof part !== "number") {
    if (part !== undefined && part !== null) seen.put(textOf(part), kinds.json);
  } else if (Number.isSafeInteger(part)) seen.putInteger(part, kinds.integer);
  else seen.put(String(part), kinds.number);
}

function putWhole(seen: Seen, paths: readonly JsonPath[], record: unknown): void {
  const key = paths.map((path) => select(path, record)[0]);
  if (key.some((part) => part !== undefined && part !== null)) seen.put(textOf(key), kinds.json);
}

function textOf(key: unknown): string {
  assertMeasured(key, "a primary key");
  return JSON.stringify(key);
}
