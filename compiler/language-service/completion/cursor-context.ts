/**
 * Where the cursor stands in a text that need not parse: a mark is put there, what is open on its line is closed, and
 * the tree that comes out says whether the mark is a key or a part of a value.
 */
import type { MapNode, Node, Pointer, ScalarNode, Span } from "../../read/tree.ts";
import { type Recovered, recoverYaml } from "../../read/yaml.ts";
import { withoutQuotes } from "../scalar-offsets.ts";

export interface CursorContext {
  /** The text with the mark, which positions of the tree refer to. */
  readonly text: string;
  readonly mark: string;
  readonly root: Node;
  readonly hit: Hit;
  /** What a completion replaces in the author's text: the key or value, its quotes left alone. */
  readonly span: Span;
  /** The quotes around it. */
  readonly quote: '"' | "'" | "";
  /** The closing one stands in the author's text already. */
  readonly closed: boolean;
  /** The text before the cursor in the key or value. */
  readonly prefix: string;
  /** A blank is missing between the colon and the cursor. */
  readonly needsBlank: boolean;
}

export type Hit =
  | { readonly part: "key"; readonly path: Pointer; readonly map: MapNode; readonly hasValue: boolean }
  | { readonly part: "value"; readonly path: Pointer; readonly scalar: ScalarNode };

export function cursorContext(source: string, offset: number): CursorContext | undefined {
  const mark = freeMark(source);
  const needsBlank = /:$/.test(source.slice(lineStart(source, offset), offset)) && !isQuoted(source, offset);
  let best: { readonly text: string; readonly recovered: Recovered } | undefined;
  for (const text of candidates(source, offset, (needsBlank ? " " : "") + mark)) {
    const recovered = recoverYaml(text);
    if (!best || recovered.errors < best.recovered.errors) best = { text, recovered };
    if (recovered.errors === 0) break;
  }
  if (!best) return undefined;
  const { text, recovered } = best;
  const root = recovered.roots.find((one) => findMark(one, mark, []));
  const hit = root && findMark(root, mark, []);
  if (!root || !hit) return undefined;
  return { text, mark, root, needsBlank, ...around(source, offset, text, mark, hit), hit };
}

/** Attempts in the order of their likelihood; the first that parses is taken. */
function candidates(source: string, offset: number, mark: string): readonly string[] {
  const before = source.slice(0, offset);
  const end = lineEnd(source, offset);
  const rest = source.slice(offset, end);
  const after = source.slice(end);
  const { quote, closers } = openOnLine(
    source.slice(lineStart(source, offset), end),
    offset - lineStart(source, offset),
  );
  const bare = /^\s*(?:#.*)?$/.test(rest);
  const inFlow = /^\s*[,}]/.test(rest);
  const lines = [
    before + mark + rest + after,
    ...(bare ? [`${before + mark}:${rest}${after}`] : []),
    ...(inFlow ? [`${before + mark}: 0${rest}${after}`] : []),
    ...(quote ? [before + mark + rest + quote + after, before + mark + quote + rest + after] : []),
    ...(quote || closers ? [before + mark + rest + quote + closers + after] : []),
    ...(closers && bare ? [`${before + mark}${quote}: 0${closers}${rest}${after}`] : []),
  ];
  // Each attempt reads the text anew: of a large one only the likeliest are made.
  return [...new Set(lines)].slice(0, source.length > 300_000 ? 2 : undefined);
}

/** The quote and the brackets that stand open at the end of a line; a quote counts where a token begins. */
function openOnLine(line: string, cursor: number): { readonly quote: string; readonly closers: string } {
  let quote = "";
  let fresh = true;
  const closers: string[] = [];
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? "";
    if (quote) {
      if (char === "\\" && quote === '"') at += 1;
      else if (char === quote) quote = "";
      continue;
    }
    if (char === "#" && at >= cursor && isBlank(line[at - 1])) break;
    if (fresh && (char === '"' || char === "'")) quote = char;
    else if (fresh && char === "{") closers.unshift("}");
    else if (fresh && char === "[") closers.unshift("]");
    else if ((char === "}" || char === "]") && closers[0] === char) closers.shift();
    fresh = /[\s,[{]/.test(char);
  }
  return { quote, closers: closers.join("") };
}

/** A blank, or the beginning of the line. */
function isBlank(char: string | undefined): boolean {
  return char === undefined || /\s/.test(char);
}

function isQuoted(source: string, offset: number): boolean {
  const start = lineStart(source, offset);
  return openOnLine(source.slice(start, offset), offset - start).quote !== "";
}

function findMark(node: Node, mark: string, path: Pointer): Hit | undefined {
  switch (node.kind) {
    case "scalar":
      return typeof node.value === "string" && node.value.includes(mark)
        ? { part: "value", path, scalar: node }
        : undefined;
    case "list":
      for (const [index, item] of node.items.entries()) {
        const hit = findMark(item, mark, [...path, index]);
        if (hit) return hit;
      }
      return undefined;
    case "map":
      for (const { key, keySpan, value } of node.entries) {
        if (key.includes(mark)) {
          const written =
            value.kind !== "scalar" || (value.value !== null && value.span.start > keySpan.start);
          return {
            part: "key",
            path,
            map: node,
            hasValue: written && !(value.kind === "scalar" && value.value === 0),
          };
        }
        const hit = findMark(value, mark, [...path, key]);
        if (hit) return hit;
      }
  }
}

/** The key or value around the mark, in the author's text. */
function around(
  source: string,
  offset: number,
  text: string,
  mark: string,
  hit: Hit,
): Pick<CursorContext, "span" | "quote" | "closed" | "prefix"> {
  const at = text.indexOf(mark);
  const whole = hit.part === "value" ? hit.scalar.span : keySpanAt(hit.map, mark);
  const first = text[whole.start];
  const quote = first === '"' || first === "'" ? first : "";
  const inner = withoutQuotes(text, whole);
  const start = Math.min(offset, offset - (at - inner.start));
  const length = Math.max(0, inner.end - at - mark.length);
  const end = Math.min(offset + length, lineEnd(source, offset));
  const closed = quote !== "" && source[end] === quote;
  return { span: { start, end }, quote, closed, prefix: source.slice(start, offset) };
}

function keySpanAt(map: MapNode, mark: string): Span {
  return map.entries.find(({ key }) => key.includes(mark))?.keySpan ?? map.span;
}

function freeMark(source: string): string {
  let mark = "Cursor0";
  while (source.includes(mark)) mark += "0";
  return mark;
}

export function lineStart(text: string, offset: number): number {
  return Math.max(text.lastIndexOf("\n", offset - 1), text.lastIndexOf("\r", offset - 1)) + 1;
}

function lineEnd(text: string, offset: number): number {
  const found = /[\r\n]/.exec(text.slice(offset, offset + 100_000));
  return found ? offset + found.index : Math.min(text.length, offset + 100_000);
}
