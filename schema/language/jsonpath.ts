/**
 * JSONPath (RFC 9535). Plain paths (names, indexes, slices, wildcards, child segments only) are parsed here into
 * steps and run by own-property accessors; all else is text for an engine behind a door of its own
 * (`path-engine.ts`, which proves and runs it).
 */
export type JsonPath =
  | { readonly kind: "plain"; readonly text: string; readonly steps: readonly PathStep[] }
  | { readonly kind: "rfc9535"; readonly text: string }
  | { readonly kind: "plus"; readonly text: string };

/** A name, an index (negative from the end), every child, or a slice. */
export type PathStep = string | number | { readonly kind: "wildcard" } | PathSlice;

export interface PathSlice {
  readonly kind: "slice";
  readonly start?: number;
  readonly end?: number;
  readonly step: number;
}

const nameFirst = /[A-Za-z_\u0080-\uD7FF\uE000-\uFFFF\uD800-\uDFFF]/;
const integer = /^(?:0|-?[1-9]\d*)/;
const blank = /[ \t\n\r]/;

/** The steps of a plain path, or undefined where the text is not a plain path (it may still be a valid one). */
export function parsePlainPath(text: string): readonly PathStep[] | undefined {
  if (text[0] !== "$") return undefined;
  const steps: PathStep[] = [];
  let at = 1;
  while (at < text.length) {
    const segmentStart = skipBlanks(text, at);
    const read =
      text[segmentStart] === "["
        ? readBracket(text, segmentStart)
        : text[segmentStart] === "."
          ? readDot(text, segmentStart)
          : undefined;
    if (!read) return undefined;
    steps.push(read.step);
    at = read.end;
  }
  return steps;
}

interface ReadStep {
  readonly step: PathStep;
  readonly end: number;
}

function readDot(text: string, start: number): ReadStep | undefined {
  let end = start + 1;
  if (text[end] === "*") return { step: { kind: "wildcard" }, end: end + 1 };
  if (!nameFirst.test(text[end] ?? "")) return undefined;
  while (end < text.length && (nameFirst.test(text[end] ?? "") || /\d/.test(text[end] ?? ""))) end++;
  const name = text.slice(start + 1, end);
  return name.isWellFormed() ? { step: name, end } : undefined;
}

function readBracket(text: string, start: number): ReadStep | undefined {
  const open = skipBlanks(text, start + 1);
  const selected = readSelector(text, open);
  if (!selected) return undefined;
  const close = skipBlanks(text, selected.end);
  return text[close] === "]" ? { step: selected.step, end: close + 1 } : undefined;
}

function readSelector(text: string, at: number): ReadStep | undefined {
  const first = text[at];
  if (first === "*") return { step: { kind: "wildcard" }, end: at + 1 };
  if (first === "'" || first === '"') return readQuoted(text, at, first);
  return readIndexOrSlice(text, at);
}

function readQuoted(text: string, start: number, quote: string): ReadStep | undefined {
  const end = text.indexOf(quote, start + 1);
  const name = text.slice(start + 1, end);
  // Escapes and control characters are left to the engine.
  if (end < 0 || /[\\\u0000-\u001f]/.test(name) || !name.isWellFormed()) return undefined;
  return { step: name, end: end + 1 };
}

function readIndexOrSlice(text: string, start: number): ReadStep | undefined {
  const [first, afterFirst] = readInteger(text, start);
  let at = skipBlanks(text, afterFirst);
  if (text[at] !== ":") return first === undefined ? undefined : { step: first, end: afterFirst };
  const [last, afterLast] = readInteger(text, skipBlanks(text, at + 1));
  at = skipBlanks(text, afterLast);
  let step = 1;
  if (text[at] === ":") {
    const [given, afterStep] = readInteger(text, skipBlanks(text, at + 1));
    step = given ?? 1;
    at = afterStep;
  } else at = afterLast;
  const slice: PathSlice = {
    kind: "slice",
    ...(first === undefined ? {} : { start: first }),
    ...(last === undefined ? {} : { end: last }),
    step,
  };
  return { step: slice, end: at };
}

function readInteger(text: string, at: number): [number | undefined, number] {
  const match = integer.exec(text.slice(at, at + 20));
  if (!match) return [undefined, at];
  const value = Number(match[0]);
  // RFC 9535, section 2.1: integers stay within the I-JSON range.
  return Number.isSafeInteger(value) ? [value, at + match[0].length] : [undefined, at];
}

function skipBlanks(text: string, at: number): number {
  let next = at;
  while (blank.test(text[next] ?? "")) next++;
  return next;
}

/** True where the path names at most one place: names and indexes only. */
export function isSingular(path: JsonPath): boolean {
  return (
    path.kind === "plain" && path.steps.every((step) => typeof step === "string" || typeof step === "number")
  );
}

/** Every value that a plain path selects, in document order. Only own properties are read. */
export function selectPlain(root: unknown, steps: readonly PathStep[]): unknown[] {
  let value = root;
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at];
    // A single place needs no list; the first wildcard or slice opens one.
    if (typeof step === "object") return selectMany(value, steps, at);
    if (typeof value !== "object" || value === null) return [];
    if (typeof step === "string") {
      if (Array.isArray(value) || !Object.hasOwn(value, step)) return [];
      value = (value as Record<string, unknown>)[step];
    } else if (step !== undefined) {
      if (!Array.isArray(value)) return [];
      const index = step < 0 ? value.length + step : step;
      if (index < 0 || index >= value.length) return [];
      value = value[index];
    }
  }
  return [value];
}

function selectMany(root: unknown, steps: readonly PathStep[], from: number): unknown[] {
  let found: unknown[] = [root];
  for (const step of steps.slice(from)) {
    const next: unknown[] = [];
    for (const value of found) selectChildren(value, step, next);
    found = next;
    if (found.length === 0) return found;
  }
  return found;
}

function selectChildren(value: unknown, step: PathStep, into: unknown[]): void {
  if (typeof value !== "object" || value === null) return;
  if (typeof step === "string") {
    if (!Array.isArray(value) && Object.hasOwn(value, step))
      into.push((value as Record<string, unknown>)[step]);
  } else if (typeof step === "number") {
    if (Array.isArray(value)) {
      const index = step < 0 ? value.length + step : step;
      if (index >= 0 && index < value.length) into.push(value[index]);
    }
  } else if (step.kind === "wildcard") {
    for (const item of Array.isArray(value) ? value : Object.values(value)) into.push(item);
  } else if (Array.isArray(value)) selectSlice(value, step, into);
}

/** RFC 9535, section 2.3.4.2.2. */
function selectSlice(list: readonly unknown[], slice: PathSlice, into: unknown[]): void {
  const { step } = slice;
  const size = list.length;
  if (step === 0) return;
  const normal = (index: number): number => (index >= 0 ? index : size + index);
  const start = normal(slice.start ?? (step > 0 ? 0 : size - 1));
  const end = slice.end === undefined ? (step > 0 ? size : -1) : normal(slice.end);
  if (step > 0) {
    const lower = Math.min(Math.max(start, 0), size);
    const upper = Math.min(Math.max(end, 0), size);
    for (let index = lower; index < upper; index += step) into.push(list[index]);
  } else {
    const upper = Math.min(Math.max(start, -1), size - 1);
    const lower = Math.min(Math.max(end, -1), size - 1);
    for (let index = upper; index > lower; index += step) into.push(list[index]);
  }
}
