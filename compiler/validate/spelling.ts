import { distance } from "../../schema/language/spelling.ts";

/**
 * Which of the names an author meant: the one that differs only in case or separators, or else the only one
 * within an edit distance of a third of the name's length. Undefined where none is, or several are, as near.
 */
export function intended(written: string, names: readonly string[]): string | undefined {
  return sameButForStyle(written, names) ?? nearest(written, names, Math.floor(written.length / 3));
}

/** Which of the listed values a text means; `int` is the beginning of `integer` alone, `oauth2` of several. */
export function intendedChoice(text: string, values: readonly unknown[]): string | undefined {
  const choices = values.filter((value) => typeof value === "string");
  const begun = text.length < 3 ? [] : choices.filter((choice) => choice.startsWith(text));
  return begun.length > 0 ? (begun.length === 1 ? begun[0] : undefined) : intended(text, choices);
}

/** The only name at the smallest distance, if that is at most `most`. */
export function nearest(written: string, names: readonly string[], most: number): string | undefined {
  let best: string[] = [];
  let least = most;
  for (const name of names) {
    const slips = distance(written, name, least);
    if (slips > least) continue;
    if (slips < least) best = [];
    least = slips;
    best.push(name);
  }
  return best.length === 1 ? best[0] : undefined;
}

/** `operationId`, `operation-id` and `operation_id` are one name in different styles. */
export function withoutStyle(name: string): string {
  return name.replace(/[\s_-]/g, "").toLowerCase();
}

/** Whether two names are at most `most` slips apart: a letter added, lost, changed or swapped with its neighbour. */
export function isNear(a: string, b: string, most: number): boolean {
  return distance(a, b, most) <= most;
}

/**
 * Whether a word that is not legal can only mean `meant`, one of the legal names: it is that one in another style
 * (`operationId`), or a word of five letters and more that is one slip away from it and far from any other.
 */
export function surelyMeans(written: string, meant: string, names: readonly string[]): boolean {
  if (sameButForStyle(written, names) === meant) return true;
  if (written.length < 5 || distance(written, meant, 1) > 1) return false;
  return !names.some((name) => name !== meant && distance(written, name, 2) <= 2);
}

/** The name that a word of its own kind is a slip away from: words further off may be meant as they are. */
export function intendedCode(written: string, names: readonly string[]): string | undefined {
  if (names.includes(written)) return undefined;
  const meant = nearest(written, names, 1) ?? sameButForStyle(written, names);
  return meant !== undefined && surelyMeans(written, meant, names) ? meant : undefined;
}

/** The only one of the names that is written the same but for case and separators. */
export function sameButForStyle(written: string, names: readonly string[]): string | undefined {
  const bare = withoutStyle(written);
  const same = names.filter((name) => withoutStyle(name) === bare);
  return same.length === 1 ? same[0] : undefined;
}
