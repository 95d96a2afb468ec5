/**
 * A text as it reads once its escapes are resolved. `starts` and `ends` say for each character (UTF-16 code unit)
 * where it stands in the text itself.
 */
export interface View {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Where this fragment stands; all that are asked for have one length. */
  fragments(fragment: string, length: number): readonly number[];
}

/** A server may escape its answer for JSON, quote that in HTML and have it percent-encoded for a header. */
const mostLevels = 3;

interface Spelling {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** The text itself, then with its escapes resolved once, twice and three times, as far as there are any. */
export function viewsOf(text: string): View[] {
  const places = Array.from({ length: text.length }, (_, at) => at);
  let spelling: Spelling = { text, starts: places, ends: places.map((at) => at + 1) };
  const views = [viewOf(collapsed(spelling))];
  for (let level = 0; level < mostLevels; level++) {
    const next = unescaped(spelling);
    if (next.text === spelling.text) break;
    spelling = next;
    views.push(viewOf(collapsed(spelling)));
  }
  return views;
}

function viewOf(spelling: Spelling): View {
  let index: Map<string, number[]> | undefined;
  return {
    ...spelling,
    fragments: (fragment, length) => {
      index ??= indexOf(spelling.text, length);
      return index.get(fragment) ?? [];
    },
  };
}

function indexOf(text: string, length: number): Map<string, number[]> {
  const index = new Map<string, number[]>();
  for (let at = 0; at + length <= text.length; at++) {
    const fragment = text.slice(at, at + length);
    const places = index.get(fragment);
    if (places) places.push(at);
    else index.set(fragment, [at]);
  }
  return index;
}

const blanks = /\s+|\+/g;

/** A run of blanks is one, as in messages, and the `+` of forms is a blank. Views are collapsed like this. */
export function collapse(text: string): string {
  return text.replace(blanks, " ");
}

function collapsed({ text, starts, ends }: Spelling): Spelling {
  return rewrite(text, starts, ends, blanks, () => [{ text: " ", from: 0, to: undefined }]);
}

const escapes =
  /(?:%[0-9a-f]{2})+|&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,7}|#x[0-9a-f]{1,6});|\\u[0-9a-f]{4}|\\u\{[0-9a-f]{1,6}\}|\\x[0-9a-f]{2}|\\[nrtbf"'/\\]/gi;

function unescaped({ text, starts, ends }: Spelling): Spelling {
  return rewrite(text, starts, ends, escapes, resolve);
}

interface Part {
  readonly text: string;
  /** Within the escape; `to` undefined: its end. */
  readonly from: number;
  readonly to: number | undefined;
}

function rewrite(
  text: string,
  starts: readonly number[],
  ends: readonly number[],
  pattern: RegExp,
  replace: (found: string) => readonly Part[],
): Spelling {
  let made = "";
  const madeStarts: number[] = [];
  const madeEnds: number[] = [];
  const copy = (from: number, to: number): void => {
    made += text.slice(from, to);
    for (let at = from; at < to; at++) {
      madeStarts.push(starts[at] ?? 0);
      madeEnds.push(ends[at] ?? 0);
    }
  };
  let done = 0;
  for (const match of text.matchAll(pattern)) {
    const [found] = match;
    copy(done, match.index);
    for (const part of replace(found)) {
      made += part.text;
      for (let unit = 0; unit < part.text.length; unit++) {
        madeStarts.push(starts[match.index + part.from] ?? 0);
        madeEnds.push(ends[match.index + (part.to ?? found.length) - 1] ?? 0);
      }
    }
    done = match.index + found.length;
  }
  copy(done, text.length);
  return { text: made, starts: madeStarts, ends: madeEnds };
}

const named: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
};
const controls: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

function resolve(spelled: string): readonly Part[] {
  if (spelled.startsWith("%")) return percentParts(spelled);
  return [{ text: characterOf(spelled), from: 0, to: undefined }];
}

function characterOf(spelled: string): string {
  if (spelled.startsWith("&#")) {
    const digits = spelled.slice(2, -1);
    return codePoint(/^x/i.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number(digits));
  }
  if (spelled.startsWith("&")) return named[spelled.slice(1, -1).toLowerCase()] ?? spelled;
  if (/^\\[ux]./i.test(spelled)) return codePoint(Number.parseInt(spelled.replace(/[\\ux{}]/gi, ""), 16));
  const escaped = spelled.slice(1);
  return controls[escaped] ?? escaped;
}

function codePoint(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
}

/** UTF-8 where it is that (RFC 3629, section 3), else a character a byte. */
function percentParts(run: string): Part[] {
  const bytes = run
    .slice(1)
    .split("%")
    .map((digits) => Number.parseInt(digits, 16));
  const parts: Part[] = [];
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0;
    const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    const text = length === 1 ? undefined : utf8(bytes.slice(at, at + length));
    const used = text === undefined ? 1 : length;
    parts.push({ text: text ?? String.fromCharCode(lead), from: at * 3, to: (at + used) * 3 });
    at += used;
  }
  return parts;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function utf8(bytes: readonly number[]): string | undefined {
  try {
    return decoder.decode(Uint8Array.from(bytes));
  } catch {
    // Another charset then.
    return undefined;
  }
}
