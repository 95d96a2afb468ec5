/** A value that was made to fit, and where something is missing. */
export interface Fitted {
  readonly value: unknown;
  /** Dotted paths of what was cut, the first few. */
  readonly cut: readonly string[];
}

/** How much of each text, list and map is kept, and how deep; tried in this order. */
const measures = [
  { text: 4000, list: 100, map: 200, depth: 12 },
  { text: 1000, list: 30, map: 100, depth: 8 },
  { text: 300, list: 10, map: 60, depth: 6 },
  { text: 100, list: 5, map: 40, depth: 4 },
  { text: 40, list: 2, map: 20, depth: 3 },
  { text: 20, list: 1, map: 10, depth: 1 },
] as const;

type Measure = (typeof measures)[number];

const mostCutsTold = 8;

/** Bytes of a value as JSON in UTF-8; without end where it nests deeper than the stack. */
export function jsonBytes(value: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(value) ?? "null");
  } catch (thrown) {
    if (thrown instanceof RangeError) return Number.POSITIVE_INFINITY;
    throw thrown;
  }
}

/** The value with as little cut as makes its JSON fit into so many bytes; a value that fits is answered as it is. */
export function fitInto(value: unknown, bytes: number): Fitted {
  if (jsonBytes(value) <= bytes) return { value, cut: [] };
  for (const measure of measures) {
    const cut: string[] = [];
    const trimmed = trim(value, measure, "", 0, cut);
    if (jsonBytes(trimmed) <= bytes) return { value: trimmed, cut: cut.slice(0, mostCutsTold) };
  }
  return { value: null, cut: ["everything"] };
}

function trim(value: unknown, measure: Measure, path: string, depth: number, cut: string[]): unknown {
  if (typeof value === "string") {
    if (value.length <= measure.text) return value;
    cut.push(path || "text");
    return `${value.slice(0, measure.text).toWellFormed()}…`;
  }
  if (typeof value !== "object" || value === null) return value;
  if (depth >= measure.depth) {
    cut.push(path);
    return Array.isArray(value) ? [] : {};
  }
  const below = (key: string): string => (path === "" ? key : `${path}.${key}`);
  if (Array.isArray(value)) {
    if (value.length > measure.list) cut.push(path || "list");
    return value.slice(0, measure.list).map((one) => trim(one, measure, below("*"), depth + 1, cut));
  }
  const entries = Object.entries(value);
  if (entries.length > measure.map) cut.push(path || "members");
  return Object.fromEntries(
    entries
      .slice(0, measure.map)
      .map(([key, inner]) => [key, trim(inner, measure, below(key), depth + 1, cut)]),
  );
}

/** The longest start of a text whose JSON fits into so many bytes, never half a character. */
export function fitText(text: string, bytes: number): string {
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (jsonBytes(text.slice(0, middle)) <= bytes) low = middle;
    else high = middle - 1;
  }
  const splits = low < text.length && /[\uD800-\uDBFF]/.test(text[low - 1] ?? "");
  return text.slice(0, splits && low > 1 ? low - 1 : low);
}
