/** What stands in `broken` beside the pointers of values: which keys of a map were lost, and how. */

/** Stands in `broken` for a key of a map that was reported and dropped. */
export const droppedKey = "?";

/** Stands in `broken` for a map in which a key stands twice: two entries of a list may have become one. */
export const doubledKey = "??";

/** Stands in `broken` for a key that was found where it does not belong: what lacks it may be what it was meant for. */
export function strayKey(key: string): string {
  return `${droppedKey}${key}`;
}
