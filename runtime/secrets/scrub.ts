import { mask, reveal, Secret } from "./secret.ts";
import { formsOf } from "./secret-forms.ts";
import { collapse, type View, viewsOf } from "./text-views.ts";

/** Shorter values occur in ordinary prose; to replace them would garble messages and hide nothing. */
const shortestScrubbed = 4;
/** A run of this many characters of a secret is a piece of it, wherever it was cut. */
const shortestPiece = 16;
/** Pieces are looked for by fragments of half that length, one in so many characters: none is missed. */
const fragment = shortestPiece / 2;

/** Where something to hide stands in the text, end excluded. */
type Range = readonly [start: number, end: number];

/** Takes secrets out of texts, and out of all texts in plain data. */
export interface Scrubber {
  text(text: string): string;
  data(value: unknown): unknown;
}

/**
 * Replaces the given secrets by a mask, in the forms in which servers echo them: raw, base64 (also inside of a longer
 * base64 text, twice over, or of UTF-16), base64url, base32, hex, dumps of bytes; each of them also percent-encoded,
 * form-encoded, or escaped as in JSON or HTML, up to three times over. Of a secret that was cut, pieces of 16 characters and more go too, and any four before a `…`.
 */
export function createScrubber(secrets: Iterable<unknown>): Scrubber {
  const needles = needlesOf(secrets);
  const clean = (text: string): string => {
    if (needles.length === 0 || text === "") return text;
    const found = viewsOf(text).flatMap((view) => needles.flatMap((needle) => rangesOf(needle, view)));
    return found.length === 0 ? text : blotted(text, found);
  };
  const data = (value: unknown): unknown => {
    if (typeof value === "string") return clean(value);
    if (Array.isArray(value)) return value.map(data);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, data(item)]));
  };
  return { text: clean, data };
}

/** One text without the given secrets, as `createScrubber` describes. */
export function scrub(text: string, secrets: Iterable<unknown>): string {
  return createScrubber(secrets).text(text);
}

interface Needle {
  readonly text: string;
  /** Pieces begin here: an origin alone is no piece of a secret address, and errors must be able to name it. */
  readonly piecesFrom: number;
}

/** Made once for as long as the secret lives: a key of many lines has many forms. */
const known: WeakMap<Secret, readonly Needle[]> = new WeakMap();

function needlesOf(secrets: Iterable<unknown>): Needle[] {
  const needles = new Map<string, Needle>();
  for (const secret of new Set(secrets))
    for (const needle of secret instanceof Secret ? knownNeedles(secret) : makeNeedles(secret))
      needles.set(needle.text, needle);
  return [...needles.values()];
}

function knownNeedles(secret: Secret): readonly Needle[] {
  const made = known.get(secret) ?? makeNeedles(reveal(secret));
  known.set(secret, made);
  return made;
}

function makeNeedles(plain: unknown): Needle[] {
  const forms = new Set(textsOf(plain).flatMap(formsOf).flatMap(spellingsOf));
  return [...forms].flatMap((text) => {
    const origin = /^https?:\/\/[^/?#@]*(?![^/?#]*@)/i.exec(text)?.[0].length ?? 0;
    return text.length >= shortestScrubbed ? [{ text, piecesFrom: origin }] : [];
  });
}

/** As views show it; a form shows each blank of a run. */
function spellingsOf(form: string): string[] {
  return [collapse(form), form.replace(/[\s+]/g, " ")];
}

/** A JSON credential holds several strings, each of which is one. */
export function textsOf(value: unknown): string[] {
  if (typeof value === "string") return value.length < shortestScrubbed ? [] : [value];
  if (typeof value === "number" || typeof value === "bigint") return textsOf(String(value));
  if (typeof value !== "object" || value === null) return [];
  // What kind of key it is ("service_account") is no secret, and errors name it.
  return Object.entries(value).flatMap(([key, inner]) => (key === "type" ? [] : textsOf(inner)));
}

function rangesOf(needle: Needle, view: View): Range[] {
  const ranges: Range[] = [];
  const hide = (from: number, to: number): void => {
    ranges.push([view.starts[from] ?? 0, view.ends[to - 1] ?? 0]);
  };
  const { text } = needle;
  for (let at = view.text.indexOf(text); at >= 0; at = view.text.indexOf(text, at + 1))
    hide(at, at + text.length);
  if (text.length > shortestPiece) findPieces(needle, view, hide);
  for (let cut = view.text.indexOf("…"); cut >= 0; cut = view.text.indexOf("…", cut + 1)) {
    const length = cutLength(text, view.text.slice(0, cut));
    if (length > 0) hide(cut - length, cut);
  }
  return ranges;
}

function findPieces(
  { text, piecesFrom }: Needle,
  view: View,
  hide: (from: number, to: number) => void,
): void {
  for (let at = piecesFrom; at + fragment <= text.length; at += fragment) {
    for (const found of view.fragments(text.slice(at, at + fragment), fragment)) {
      let back = 0;
      while (
        at - back > piecesFrom &&
        found - back > 0 &&
        text[at - back - 1] === view.text[found - back - 1]
      )
        back++;
      let on = fragment;
      while (at + on < text.length && text[at + on] === view.text[found + on]) on++;
      if (back + on >= shortestPiece) hide(found - back, found + on);
    }
  }
}

/** How much of the text's end is the beginning of the secret. */
function cutLength(secret: string, text: string): number {
  for (let length = Math.min(secret.length - 1, text.length); length >= shortestScrubbed; length--)
    if (text.endsWith(secret.slice(0, length))) return length;
  return 0;
}

/** Ranges that overlap or touch become one mask. */
function blotted(text: string, ranges: readonly Range[]): string {
  const sorted = [...ranges].sort(([a], [b]) => a - b);
  let clean = "";
  let done = 0;
  let hiddenTo = -1;
  for (const [start, end] of sorted) {
    if (start > hiddenTo) {
      clean += hiddenTo < 0 ? text.slice(0, start) : mask + text.slice(hiddenTo, start);
      done = start;
    }
    hiddenTo = Math.max(hiddenTo, end);
  }
  return hiddenTo < 0 ? text : clean + mask + text.slice(Math.max(done, hiddenTo));
}
