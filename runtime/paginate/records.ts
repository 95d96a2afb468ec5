import { isSingular, type JsonPath } from "../../schema/language/jsonpath.ts";
import { select } from "../response/jsonpath.ts";

/**
 * The records of a page. A path to one place names the list, or the one record, that is there; a path to many
 * names the records themselves.
 */
export function recordsOf(path: JsonPath, data: unknown): readonly unknown[] {
  const found = select(path, data);
  if (!isSingular(path)) return found;
  const [value] = found;
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
