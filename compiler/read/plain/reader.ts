/**
 * Reads the YAML that descriptors are written in: block maps and lists, flow collections, one-line scalars, block
 * scalars, comments, documents. Anchors, tags, complex keys, scalars of several lines and every mistake are left to the
 * parser of the whole language, which takes four times as long and three times the memory.
 */
import type { Finding, Report } from "../../diagnostics.ts";
import { maxDepth, maxFindings, TooManyFindings } from "../limits.ts";
import type { Entry, Node, ScalarNode, Span } from "../tree.ts";
import { createKeys, exact, TreeBuilder } from "../tree-builder.ts";
import { readBlockScalar } from "./block-scalar.ts";
import { blank, Lines, NotPlain, newline, tab } from "./lines.ts";
import { plainValue, readQuoted, skipPlain } from "./scalars.ts";

export interface PlainDocument {
  /** Undefined where there is nothing but blanks and comments. */
  readonly root: Node | undefined;
}

/** The documents of a text, or the offset at which it is no plain YAML. Nothing has been reported then. */
export function readPlain(
  text: string,
  report: (document: number) => Report,
): readonly PlainDocument[] | number {
  const held: [document: number, finding: Finding][] = [];
  const lines = new Lines(text);
  const documents: PlainDocument[] = [];
  try {
    lines.toContent();
    if (lines.at >= text.length) return 0;
    do {
      if (lines.isMarker() && lines.column < 0) {
        lines.at += 3;
        lines.endLine();
      }
      const hear: Report = (finding) => {
        held.push([documents.length, finding]);
        if (held.length >= maxFindings) throw new TooManyFindings();
      };
      documents.push({ root: lines.column < 0 ? undefined : new PlainReader(lines, hear).document() });
      if (lines.column >= 0) lines.fail();
    } while (lines.at < text.length);
  } catch (thrown) {
    if (thrown instanceof NotPlain) return thrown.at;
    if (!(thrown instanceof TooManyFindings)) throw thrown;
  }
  for (const [document, finding] of held) report(document)(finding);
  return documents;
}

const quote = 34;
const apostrophe = 39;
const comma = 44;
const colon = 58;
const openList = 91;
const closeList = 93;
const openMap = 123;
const closeMap = 125;

/** A key and where it stands; `undefined` for a scalar that turned out to be none. */
type Key = readonly [key: string, span: Span];

class PlainReader {
  readonly #lines: Lines;
  readonly #tree: TreeBuilder;
  readonly #path: (string | number)[] = [];
  readonly #key = createKeys();
  #depth = 0;

  constructor(lines: Lines, report: Report) {
    this.#lines = lines;
    this.#tree = new TreeBuilder(report);
  }

  document(): Node {
    return this.#blockNode(-1);
  }

  /** What stands at the next content, deeper than `parent`. */
  #blockNode(parent: number): Node {
    return this.#lines.isDash()
      ? this.#blockList(this.#lines.column)
      : this.#mapOrValue(this.#lines.column, parent);
  }

  #enter(): void {
    this.#depth += 1;
    if (this.#depth > maxDepth) this.#lines.fail();
  }

  #blockList(column: number): Node {
    const lines = this.#lines;
    this.#enter();
    const start = lines.at;
    const items: Node[] = [];
    do {
      lines.at++;
      this.#path.push(items.length);
      items.push(this.#item(column));
      this.#path.pop();
      if (lines.column > column) lines.fail();
    } while (lines.column === column && lines.isDash());
    this.#depth -= 1;
    const end = Math.max(items.at(-1)?.span.end ?? start, start);
    return { kind: "list", span: { start, end }, items: exact(items) };
  }

  /** After the dash. */
  #item(column: number): Node {
    const lines = this.#lines;
    const dash = lines.at - 1;
    lines.skipBlanks();
    if (lines.isLineEnd() || lines.isComment()) return this.#below(column, false);
    lines.column = column + (lines.at - dash);
    return this.#blockNode(column);
  }

  /** The value that begins on a line of its own; where none does, nothing stands at the end of this line. */
  #below(column: number, ofMap: boolean): Node {
    const lines = this.#lines;
    const { at } = lines;
    lines.endLine();
    if (lines.column > column) return this.#blockNode(column);
    if (ofMap && lines.column === column && lines.isDash()) return this.#blockList(column);
    return { kind: "scalar", span: { start: at, end: at }, value: null, style: "plain" };
  }

  /** A map if what stands here is followed by a colon. */
  #mapOrValue(column: number, parent: number): Node {
    const lines = this.#lines;
    const code = lines.code();
    if (code === openMap || code === openList || code === 124 || code === 62) return this.#inline(parent);
    const start = lines.at;
    const scalar = this.#scalar(false);
    if (lines.code() === blank) lines.skipBlanks();
    if (lines.code() === colon && lines.isGap(lines.at + 1))
      return this.#blockMap(column, [this.#keyText(scalar), scalar.span], start);
    return this.#endScalar(scalar, parent);
  }

  #blockMap(column: number, first: Key, start: number): Node {
    const lines = this.#lines;
    this.#enter();
    const entries: Entry[] = [];
    const map = this.#tree.map(this.#path, start);
    for (let key = first; ; ) {
      lines.at++;
      if (key[0] === "<<" || lines.at - key[1].start > 1000) lines.fail();
      this.#path.push(key[0]);
      const value = this.#mapValue(column);
      this.#path.pop();
      const entry: Entry = { key: key[0], keySpan: key[1], value };
      if (map.accepts(entry)) entries.push(entry);
      if (lines.column < column) break;
      if (lines.column > column || lines.isDash()) lines.fail();
      key = this.#nextKey();
    }
    this.#depth -= 1;
    const last = entries.at(-1);
    const end = last ? Math.max(last.value.span.end, last.keySpan.end) : lines.fail(start);
    return { kind: "map", span: { start, end: Math.max(end, start) }, entries: exact(entries) };
  }

  #nextKey(): Key {
    const lines = this.#lines;
    const scalar = this.#scalar(false);
    if (lines.code() === blank) lines.skipBlanks();
    if (lines.code() !== colon || !lines.isGap(lines.at + 1)) lines.fail();
    return [this.#keyText(scalar), scalar.span];
  }

  /** After the colon. */
  #mapValue(column: number): Node {
    const lines = this.#lines;
    lines.skipBlanks();
    if (lines.isLineEnd() || lines.isComment()) return this.#below(column, true);
    if (lines.isDash()) lines.fail();
    return this.#inline(column);
  }

  /** A value that begins behind its key, or stands alone. */
  #inline(parent: number): Node {
    const lines = this.#lines;
    const code = lines.code();
    if (code === openMap || code === openList) {
      const node = this.#flow(parent);
      lines.endLine();
      return node;
    }
    if (code === 124 || code === 62) {
      const { value, span } = readBlockScalar(lines, parent);
      return { kind: "scalar", span, value, style: "block" };
    }
    const scalar = this.#scalar(false);
    if (lines.code() === colon) lines.fail();
    return this.#endScalar(scalar, parent);
  }

  #endScalar(scalar: ScalarNode, parent: number): Node {
    this.#lines.endLine();
    // A scalar of several lines, or a slip.
    if (this.#lines.column > parent) this.#lines.fail();
    return scalar;
  }

  #scalar(inFlow: boolean): ScalarNode {
    const lines = this.#lines;
    const start = lines.at;
    const code = lines.code();
    if (code === quote || code === apostrophe) {
      const value = readQuoted(lines);
      return {
        kind: "scalar",
        span: { start, end: lines.at },
        value,
        style: code === quote ? "double" : "single",
      };
    }
    const end = skipPlain(lines, inFlow);
    const text = lines.text.slice(start, end);
    const value = plainValue(text);
    // As a value it is a finding, as a key it is a text.
    if (typeof value === "number" && !Number.isFinite(value)) lines.fail(start);
    return { kind: "scalar", span: { start, end }, value, style: "plain" };
  }

  #keyText({ value, span }: ScalarNode): string {
    return this.#key(typeof value === "string" ? value : this.#lines.text.slice(span.start, span.end));
  }

  #flow(parent: number): Node {
    this.#enter();
    const node = this.#lines.code() === openMap ? this.#flowMap(parent) : this.#flowList(parent);
    this.#depth -= 1;
    return node;
  }

  #flowList(parent: number): Node {
    const lines = this.#lines;
    const start = lines.at++;
    const items: Node[] = [];
    this.#flowGap(parent);
    while (lines.code() !== closeList) {
      this.#path.push(items.length);
      items.push(this.#flowValue(parent));
      this.#path.pop();
      this.#separator(closeList, parent);
    }
    lines.at++;
    return { kind: "list", span: { start, end: lines.at }, items: exact(items) };
  }

  #flowMap(parent: number): Node {
    const lines = this.#lines;
    const start = lines.at++;
    const entries: Entry[] = [];
    const map = this.#tree.map(this.#path, start);
    this.#flowGap(parent);
    while (lines.code() !== closeMap) {
      const scalar = this.#scalar(true);
      const key = this.#keyText(scalar);
      if (key === "<<") lines.fail();
      this.#path.push(key);
      const value = this.#flowMapValue(scalar, parent);
      this.#path.pop();
      const entry: Entry = { key, keySpan: scalar.span, value };
      if (map.accepts(entry)) entries.push(entry);
      this.#separator(closeMap, parent);
    }
    lines.at++;
    return { kind: "map", span: { start, end: lines.at }, entries: exact(entries) };
  }

  #flowMapValue(key: ScalarNode, parent: number): Node {
    const lines = this.#lines;
    if (lines.code() === blank) lines.skipBlanks();
    if (lines.code() === colon) {
      lines.at++;
      this.#flowGap(parent);
      return this.#flowValue(parent);
    }
    this.#flowGap(parent);
    const code = lines.code();
    if (code !== comma && code !== closeMap) lines.fail();
    return { kind: "scalar", span: key.span, value: null, style: "plain" };
  }

  #flowValue(parent: number): Node {
    const code = this.#lines.code();
    return code === openMap || code === openList ? this.#flow(parent) : this.#scalar(true);
  }

  /** Over a comma to what follows, or to the closing bracket. */
  #separator(close: number, parent: number): void {
    const lines = this.#lines;
    this.#flowGap(parent);
    if (lines.code() === comma) {
      lines.at++;
      this.#flowGap(parent);
      if (lines.code() === comma) lines.fail();
    } else if (lines.code() !== close) lines.fail();
  }

  /** Over blanks, comments and line ends inside of a flow collection, whose lines are deeper than what it belongs to. */
  #flowGap(parent: number): void {
    const lines = this.#lines;
    const { text } = lines;
    for (;;) {
      lines.skipBlanks();
      if (lines.isComment()) lines.skipComment();
      if (!lines.isLineEnd() || lines.at >= text.length) break;
      lines.at = text.indexOf("\n", lines.at) + 1;
      const start = lines.at;
      lines.skipBlanks();
      const isContent = !lines.isLineEnd() && !lines.isComment();
      if (
        isContent &&
        (lines.at - start <= parent || (lines.at === start && (lines.isMarker() || parent < 0)))
      )
        lines.fail();
    }
    if (lines.at >= text.length || lines.code() === tab || lines.code() === newline) lines.fail();
  }
}
