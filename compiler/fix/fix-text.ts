/** Applies every certain mend of a text, and proves each by judging the text anew. */
import type { Diagnostic } from "../../schema/diagnostic.ts";
import { applyFixes } from "./apply.ts";

export interface FixedText {
  readonly text: string;
  /** The findings that were mended, in the order in which that happened. */
  readonly fixed: readonly Diagnostic[];
  /** What remains to be said of the text. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Findings of a text, as its user wants to hear them: what is ignored or in a baseline is not among them, nor fixed. */
export type CheckText = (text: string) => Promise<readonly Diagnostic[]>;

/** A mend may uncover another, and of very many findings only the first are told: each round has its share of them. */
const mostRounds = 50;
/** Texts that one round tries when some mends do not hold; the mends that it has not proved then are not made. */
const mostTries = 32;

/**
 * Mends a text round by round until nothing is left that is certain. A mend holds if its finding is gone and no error
 * has come; one that does not hold is taken back, alone where possible.
 */
export async function fixText(text: string, check: CheckText): Promise<FixedText> {
  const fixed: Diagnostic[] = [];
  const refused = new Set<string>();
  let now = { text, diagnostics: await check(text) };
  for (let round = 0; round < mostRounds; round++) {
    const wanted = now.diagnostics.filter((one) => one.fix && !refused.has(identity(one)));
    if (wanted.length === 0) break;
    const done = await tryFixes(now, wanted, check, refused);
    fixed.push(...done.fixed);
    if (done.fixed.length > 0) now = done;
  }
  return { ...now, fixed };
}

interface Judged {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** All at once; where that does not hold, by halves, so that one bad mend among many costs few tries. */
async function tryFixes(
  before: Judged,
  wanted: readonly Diagnostic[],
  check: CheckText,
  refused: Set<string>,
): Promise<Judged & { readonly fixed: readonly Diagnostic[] }> {
  let best: Judged & { readonly fixed: readonly Diagnostic[] } = { ...before, fixed: [] };
  const groups: (readonly Diagnostic[])[] = [wanted];
  for (let tries = 0; groups.length > 0; tries++) {
    const group = groups.shift() ?? [];
    const { text, applied } = applyFixes(before.text, [...best.fixed, ...group]);
    const added = applied.filter((one) => !best.fixed.includes(one));
    // Those that overlap another have their turn in the next round.
    if (added.length === 0 && best.fixed.length > 0) continue;
    const after = { text, diagnostics: tries < mostTries ? await check(text) : before.diagnostics };
    if (text !== before.text && holds(before, after, applied)) best = { ...after, fixed: applied };
    else if (group.length === 1 || tries >= mostTries) for (const one of group) refused.add(identity(one));
    else groups.unshift(group.slice(0, group.length >> 1), group.slice(group.length >> 1));
  }
  return best;
}

/** Every mended finding is gone and no error has come, as far as all could be told before. */
function holds(before: Judged, after: Judged, applied: readonly Diagnostic[]): boolean {
  const was = counts(before.diagnostics);
  const is = counts(after.diagnostics);
  const mended = counts(applied);
  for (const [one, count] of mended) if ((is.get(one) ?? 0) > (was.get(one) ?? 0) - count) return false;
  const wasUnread = applied.some(({ rule }) => rule === "yaml/syntax" || rule === "json/syntax");
  // Findings past the most that are told take the place of those that are gone.
  const wasCut = before.diagnostics.some(({ rule }) => rule === "file/too-many-findings");
  if (wasUnread || wasCut) return true;
  return errors(after.diagnostics) <= errors(before.diagnostics) - errors(applied);
}

function errors(diagnostics: readonly Diagnostic[]): number {
  return diagnostics.filter(({ severity }) => severity === "error").length;
}

function counts(diagnostics: readonly Diagnostic[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const one of diagnostics) found.set(identity(one), (found.get(identity(one)) ?? 0) + 1);
  return found;
}

/** A finding in two texts, of which an edit may have moved one. */
function identity({ document, rule, path, message }: Diagnostic): string {
  return JSON.stringify([document, rule, path, message]);
}
