/**
 * What generated checks are made of (`schema/generate/check.ts`): the keywords of JSON Schema 2020-12 that need more than
 * an operator. A check answers whether a value is right and no more; what is wrong with it a validator tells.
 */

/** Whether a value, plain data, is as a schema says. */
export type Check = (value: unknown) => boolean;

/** The check of a member by its key; none where anything may stand. */
export type CheckOf = (key: string) => Check | undefined;

type Members = Readonly<Record<string, unknown>>;

/** `type: object`. */
export function isMap(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `type: number`: JSON has no other than finite ones. */
export function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** `type: integer`; `1.0` is one. */
export function isInteger(value: unknown): value is number {
  return Number.isInteger(value);
}

/** Whether a member stands in the map itself: `constructor` is one only where the author wrote it. */
export function has(map: Members, key: string): boolean {
  return Object.hasOwn(map, key);
}

/** `properties` and `additionalProperties`: every member that there is, by the check for its key, if there is any. */
export function members(map: Members, checkOf: CheckOf): boolean {
  for (const key in map) if (Object.hasOwn(map, key) && checkOf(key)?.(map[key]) === false) return false;
  return true;
}

/** `propertyNames`. */
export function names(map: Members, check: Check): boolean {
  for (const key in map) if (Object.hasOwn(map, key) && !check(key)) return false;
  return true;
}

/** `minProperties` and `maxProperties` ask for it. */
export function size(map: Members): number {
  return Object.keys(map).length;
}

/** `items`. */
export function each(list: readonly unknown[], check: Check): boolean {
  for (let index = 0; index < list.length; index++) if (!check(list[index])) return false;
  return true;
}

/** `uniqueItems` of texts: no schema of ours asks it of anything else. */
export function areUnique(list: readonly unknown[]): boolean {
  return new Set(list).size === list.length;
}

/** `minLength` and `maxLength`: a length is counted in code points. */
export function isAsLong(text: string, least: number, most: number): boolean {
  // A code point is one unit or two: most texts need no counting.
  if (text.length < least) return false;
  if (text.length >= 2 * least && text.length <= most) return true;
  let count = text.length;
  for (let at = 1; at < text.length; at++)
    if ((text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800) count--;
  return count >= least && count <= most;
}
