import { pointerText } from "../read/tree.ts";
import { isForbiddenName } from "../read/tree-builder.ts";
import { doubledKey, droppedKey, strayKey } from "../validate/broken-marks.ts";
import type { Cursor } from "./cursor.ts";

/**
 * A list of named things is open where a part of it was found at fault in a way that may hide a name: the list
 * itself, an entry, a name, a key that stands twice in an entry, or two entries with one name. Names that are not found in an open list are no findings:
 * they follow from one. Where names `mayRepeat`, as those of rate limits with several windows, two of one name are right.
 */
export type IsOpen = (list: Cursor, nameKey?: string, options?: { readonly mayRepeat: boolean }) => boolean;

/** True where a map lacks a section that stands at a wrong place: names in it are no longer known. */
export function isLost(at: Cursor, section: string, broken: ReadonlySet<string>): boolean {
  return !at.has(section) && broken.has(strayKey(section));
}

export function createOpenness(broken: ReadonlySet<string>): IsOpen {
  const isBroken = (list: Cursor, ...below: readonly (string | number)[]): boolean =>
    broken.size > 0 && broken.has(pointerText([...list.path, ...below]));
  return (list, nameKey, { mayRepeat } = { mayRepeat: false }) => {
    if (isBroken(list)) return true;
    // A key that nobody knows may be the list's.
    if (!list.exists)
      return broken.size > 0 && broken.has(pointerText([...list.path.slice(0, -1), droppedKey]));
    if (list.node?.kind === "scalar" || (nameKey !== undefined && broken.has(strayKey(nameKey)))) return true;
    const names = new Set<string>();
    return list.items().some((item, index) => {
      if (isBroken(list, index) || isBroken(list, index, doubledKey)) return true;
      if (nameKey === undefined) return false;
      if (!item.has(nameKey) && isBroken(list, index, droppedKey)) return true;
      const name = item.text(nameKey);
      if (isBroken(list, index, nameKey) || (item.has(nameKey) && name === undefined)) return true;
      if (name === undefined) return false;
      if ((names.has(name) && !mayRepeat) || isForbiddenName(name)) return true;
      names.add(name);
      return false;
    });
  };
}
