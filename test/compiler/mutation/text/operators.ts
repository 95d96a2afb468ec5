/** Slips of the hand and of the mind in a descriptor's text: each gives the texts that one such slip makes. */
import { type Line, linesOf } from "./lines.ts";
import { type Edit, ofJsonPath, ofPath, ofTemplate, ofUrl, type Put } from "./value-operators.ts";
import { dropped, swapped } from "./words.ts";

export interface TextMutant {
  readonly operator: string;
  /** Keys above the line and its own, `/`-joined: what is alike for mutants of one kind. */
  readonly place: string;
  /** Made when it is asked for: most are passed over. */
  readonly text: string;
  /** First and last changed line in the mutant's text, from 1. */
  readonly first: number;
  readonly last: number;
  /** The line that the changed one hangs on, from 1; 0 for none. */
  readonly owner: number;
  /** What was taken away or put in: a finding elsewhere may speak of it. */
  readonly words: readonly string[];
}

/** All mutants of a text, in its order. */
export function* textMutants(source: string): Iterable<TextMutant> {
  const rows = source.split("\n");
  const lines = linesOf(source);
  for (const line of lines) {
    const place = placeOf(line);
    const around = wordsIn(line.text);
    const owner = ownerOf(line, lines);
    for (const [operator, from, to, put] of edits(line, rows, lines)) {
      const gone = rows.slice(from, to);
      if (gone.join("\n") === put.join("\n")) continue;
      yield {
        operator,
        place,
        get text() {
          return [...rows.slice(0, from), ...put, ...rows.slice(to)].join("\n");
        },
        first: from + 1,
        last: Math.max(from + 1, from + put.length),
        owner,
        words: [...around, ...gone.flatMap(wordsIn), ...put.flatMap(wordsIn)],
      };
    }
  }
}

function ownerOf(line: Line, lines: readonly Line[]): number {
  const column = line.dash ? line.indent + 1 : line.column;
  const owner = lines.findLast(
    (one) => one.index < line.index && one.key !== undefined && one.column < column,
  );
  return owner === undefined ? 0 : owner.index + 1;
}

function placeOf({ way, key, dash }: Line): string {
  return `${alike(way)}${key === undefined ? "/-" : ""}${dash ? "-" : ""}`;
}

/** Keys on the way to a line, the same for places of one kind. */
export function alike(way: readonly string[]): string {
  return way
    .join("/")
    .replace(/^.*\/(?:response_schema|schema|schemas\/[^/]+)\//, "schema/")
    .replace(/(?:\/properties\/[^/]+)+/g, "/properties/any");
}

function wordsIn(text: string): string[] {
  return text.match(/[\w$.{}-]{2,}/g)?.flatMap((word) => [word, ...(word.match(/\w{2,}/g) ?? [])]) ?? [];
}

function* edits(line: Line, rows: readonly string[], lines: readonly Line[]): Iterable<Edit> {
  const { index, text, end } = line;
  const put = (operator: string, ...now: readonly string[]): Edit => [operator, index, index + 1, now];
  const block = rows.slice(index, end);
  const next = rows[index + 1];
  yield put("delete-line");
  if (end > index + 1) yield ["delete-block", index, end, []];
  yield put("duplicate-line", text, text);
  if (end > index + 1) yield ["duplicate-block", index, end, [...block, ...block]];
  if (next !== undefined && next.trim() !== "") yield ["swap-lines", index, index + 2, [next, text]];
  const after = lines.find((one) => one.index >= end);
  if (after && after.indent === line.indent && after.dash === line.dash)
    yield [
      "swap-blocks",
      index,
      after.end,
      [...rows.slice(after.index, after.end), ...rows.slice(end, after.index), ...block],
    ];
  yield put("deeper-line", `  ${text}`);
  if (line.indent >= 2) yield put("shallower-line", text.slice(2));
  yield ["deeper-block", index, end, block.map((row) => `  ${row}`)];
  if (line.indent >= 2) yield ["shallower-block", index, end, block.map((row) => row.replace(/^ {2}/, ""))];
  if (line.indent > 0)
    yield put(
      "tabs",
      text.replace(/^ +/, (blanks) => "\t".repeat(blanks.length / 2)),
    );
  yield put("comment-out", `#${text}`);
  yield* ofMarks(line, put);
  if (line.key !== undefined) yield* ofKey(line, line.key, put);
  if (line.value !== "") yield* ofValue(line, put, lines);
}

function* ofMarks({ text, dash, key, value, column }: Line, put: Put): Iterable<Edit> {
  if (dash) yield put("drop-dash", text.replace(/- /, "  "));
  else yield put("add-dash", text.replace(/\S/, "- $&"));
  if (key !== undefined) {
    const colon = text.indexOf(":", column);
    yield put("drop-colon", text.slice(0, colon) + text.slice(colon + 1));
    yield put("equals-for-colon", `${text.slice(0, colon)} =${text.slice(colon + 1)}`);
    if (value !== "") yield put("drop-colon-blank", text.slice(0, colon + 1) + text.slice(colon + 2));
    yield put("double-colon", `${text.slice(0, colon)}:${text.slice(colon)}`);
  }
  for (const [name, mark] of [
    ["quote", '"'],
    ["brace", "{"],
    ["shut-brace", "}"],
    ["bracket", "["],
    ["shut-bracket", "]"],
    ["paren", "("],
    ["comma", ","],
  ] as const) {
    const at = text.indexOf(mark);
    if (at < 0) continue;
    yield put(`drop-first-${name}`, text.slice(0, at) + text.slice(at + 1));
    const lastAt = text.lastIndexOf(mark);
    if (lastAt !== at) yield put(`drop-last-${name}`, text.slice(0, lastAt) + text.slice(lastAt + 1));
    if (name !== "comma") yield put(`double-${name}`, text.slice(0, lastAt) + mark + text.slice(lastAt));
  }
  if (/"[^"]*"$/.test(text)) {
    yield put("drop-quotes", text.replace(/"([^"]*)"$/, "$1"));
    yield put("smart-quotes", text.replace(/"([^"]*)"$/, "“$1”"));
  } else if (value !== "" && !/[{[&*|>"]/.test(value)) yield put("add-quote", `${text}"`);
  if (value !== "") {
    yield put("trailing-comma", `${text},`);
    yield put("hash", `${text} #5`);
  }
}

function* ofKey({ text, column, value }: Line, key: string, put: Put): Iterable<Edit> {
  const named = (name: string): string => text.slice(0, column) + text.slice(column).replace(key, () => name);
  yield put("key-dropped-letter", named(dropped(key)));
  yield put("key-swapped-letters", named(swapped(key)));
  yield put("key-capital", named(key.charAt(0).toUpperCase() + key.slice(1)));
  yield put("key-upper", named(key.toUpperCase()));
  if (key.includes("_")) {
    yield put("key-camel", named(key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())));
    yield put("key-kebab", named(key.replaceAll("_", "-")));
    yield put("key-joined", named(key.replaceAll("_", "")));
  }
  yield put("key-plural", named(key.endsWith("s") ? key.slice(0, -1) : `${key}s`));
  yield put("key-other", named("foo"));
  if (value === "") yield put("empty-value", `${text} ""`);
}

function* ofValue({ text, value, key = "", way }: Line, put: Put, lines: readonly Line[]): Iterable<Edit> {
  const at = text.lastIndexOf(value);
  const said = (now: string): string => text.slice(0, at) + now;
  const plain = value.replace(/^(["'])(.*)\1$/, "$2");
  const like = (now: string): string => said(value === plain ? now : `"${now}"`);
  yield put("value-gone", said(""));
  yield put("value-empty-text", said('""'));
  yield put("value-null", said("null"));
  yield put("value-in-list", said(`[${value}]`));
  yield put("value-in-map", said(`{ value: ${value} }`));
  yield put("value-as-item", text.slice(0, at).trimEnd(), `${" ".repeat(text.search(/\S/) + 4)}- ${value}`);
  yield put("value-folded", `${text.slice(0, at)}>`);
  if (/^\d+$/.test(value)) {
    for (const [name, now] of [
      ["quoted", `"${value}"`],
      ["zero", "0"],
      ["negative", `-${value}`],
      ["thousandfold", `${value}000`],
      ["thousandth", String(Number(value) / 1000)],
      ["hundredfold", `${value}00`],
      ["huge", "999999999999"],
      ["fraction", `${value}.5`],
      ["word", "many"],
      ["unit", `${value}s`],
      ["unit-ms", `${value}ms`],
      ["underscore", `${value}_000`],
    ] as const)
      yield put(`number-${name}`, said(now));
    return;
  }
  if (/^(true|false)$/.test(value)) {
    yield put("boolean-turned", said(value === "true" ? "false" : "true"));
    yield put("boolean-yes", said("yes"));
    yield put("boolean-quoted", said(`"${value}"`));
    yield put("boolean-capital", said(value === "true" ? "True" : "False"));
    return;
  }
  yield put("value-number", said("7"));
  yield put("value-true", said("true"));
  if (/^[{[&*|>]/.test(value)) {
    yield* ofFlow(value, said, put);
    return;
  }
  yield put("value-dropped-letter", like(dropped(plain)));
  yield put("value-swapped-letters", like(swapped(plain)));
  yield put("value-doubled-letter", like(plain.replace(/\w(?=\w)/, "$&$&")));
  yield put("value-upper", like(plain.toUpperCase()));
  yield put("value-lower", like(plain.toLowerCase()));
  yield put("value-capital", like(plain.charAt(0).toUpperCase() + plain.slice(1)));
  yield put("value-other", like("foo"));
  yield put(
    "value-homoglyph",
    like(plain.replace(/[aeo]/, (one) => ({ a: "а", e: "е", o: "о" })[one] ?? one)),
  );
  yield put("value-nbsp", like(`${plain} `));
  yield put("value-blank-inside", said(`" ${plain}"`));
  const other = lines.find(
    (one) => one.key === key && one.value !== value && one.value !== "" && one.way.join() === way.join(),
  );
  if (other) yield put("value-of-another", said(other.value));
  const near = lines.find(
    (one) =>
      one.key !== key &&
      one.value !== value &&
      /^["'\w$]/.test(one.value) &&
      one.way.slice(0, -1).join() === way.slice(0, -1).join(),
  );
  if (near) yield put("value-of-neighbour", said(near.value));
  if (plain.startsWith("http")) yield* ofUrl(plain, like, put);
  if (/(?:endpoint|url|path)$/.test(key) && /^[/{]/.test(plain)) yield* ofPath(plain, like, put);
  if (plain.startsWith("$")) yield* ofJsonPath(plain, like, put);
  if (/\{\w+[\w.]*[({}]/.test(plain)) yield* ofTemplate(plain, like, put);
}

function* ofFlow(value: string, said: (now: string) => string, put: Put): Iterable<Edit> {
  if (/^[&*]\w+$/.test(value)) {
    yield put("anchor-dropped", said(value.slice(1)));
    yield put("anchor-misspelt", said(`${value}x`));
    return;
  }
  const [open = "", shut = ""] = value.startsWith("[") ? "[]" : "{}";
  if (!value.startsWith(open) || !value.endsWith(shut)) return;
  const parts = value
    .slice(1, -1)
    .split(/,(?![^{[]*[}\]])/)
    .map((part) => part.trim());
  const joined = (now: readonly string[]): string =>
    said(open === "[" ? `[${now.join(", ")}]` : `{ ${now.join(", ")} }`);
  yield put("flow-emptied", said(open + shut));
  for (const [index, part] of parts.entries()) {
    const rest = parts.filter((_, one) => one !== index);
    if (rest.length > 0) yield put("flow-part-gone", joined(rest));
    yield put("flow-part-twice", joined([...parts, part]));
    yield put("flow-part-misspelt", joined(parts.map((one) => (one === part ? swapped(one) : one))));
    yield put(
      "flow-part-other",
      joined(parts.map((one) => (one === part ? one.replace(/[^\s:]+$/, "foo") : one))),
    );
    const colon = part.indexOf(": ");
    if (colon > 0)
      yield put("flow-blank-gone", joined(parts.map((one) => (one === part ? one.replace(": ", ":") : one))));
  }
  if (parts.length > 1) yield put("flow-comma-gone", said(value.replace(", ", " ")));
}
