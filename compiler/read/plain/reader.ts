/**
 * Reads the YAML that descriptors are written in: block maps and lists, flow collections, one-line scalars, block
 * scalars, comments, documents. Anchors, tags, complex keys, scalars of several lines and every mistake are left to the
 * parser of the whole language, which takes four times as long and three times the memory.
 */
import type { Finding, Report } from "../../diagnostics.ts";
import { maxDepth, maxFindings, TooManyFindings } from "../limits.ts";
import { Entry, ListNode, MapNode, type Node, ScalarNode, type ScalarStyle } from "../tree.ts";
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

class PlainReader {
  readonly #lines: Lines;
  readonly #tree: TreeBuilder;
  readonly #path: (string | number)[] = [];
  readonly #key = createKeys();
  #depth = 0;
  /** The scalar that was passed last: where it stands, its text and its style. Only what is no key becomes a node. */
  #start = 0;
  #end = 0;
  #text = "";
  #style: ScalarStyle = "plain";

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
    return new ListNode(start, Math.max(items.at(-1)?.end ?? start, start), exact(items));
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
    return new ScalarNode(at, at, null, "plain");
  }

  /** A map if what stands here is followed by a colon. */
  #mapOrValue(column: number, parent: number): Node {
    const lines = this.#lines;
    const code = lines.code();
    if (code === openMap || code === openList || code === 124 || code === 62) return this.#inline(parent);
    this.#pass(false);
    if (lines.code() === blank) lines.skipBlanks();
    if (lines.code() === colon && lines.isGap(lines.at + 1)) return this.#blockMap(column);
    return this.#endScalar(this.#scalar(), parent);
  }

  /** Behind its first key, which was passed. */
  #blockMap(column: number): Node {
    const lines = this.#lines;
    const start = this.#start;
    this.#enter();
    const map = this.#tree.map(this.#path, start);
    for (;;) {
      const key = this.#key(this.#text);
      const keyStart = this.#start;
      const keyEnd = this.#end;
      lines.at++;
      if (key === "<<" || lines.at - keyStart > 1000) lines.fail();
      this.#path.push(key);
      const value = this.#mapValue(column);
      this.#path.pop();
      map.add(new Entry(key, keyStart, keyEnd, value));
      if (lines.column < column) break;
      if (lines.column > column || lines.isDash()) lines.fail();
      this.#passKey();
    }
    this.#depth -= 1;
    const last = map.entries.at(-1);
    const end = last ? Math.max(last.value.end, last.keyEnd) : lines.fail(start);
    return new MapNode(start, Math.max(end, start), exact(map.entries));
  }

  #passKey(): void {
    const lines = this.#lines;
    this.#pass(false);
    if (lines.code() === blank) lines.skipBlanks();
    if (lines.code() !== colon || !lines.isGap(lines.at + 1)) lines.fail();
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
      return new ScalarNode(span.start, span.end, value, "block");
    }
    this.#pass(false);
    if (lines.code() === colon) lines.fail();
    return this.#endScalar(this.#scalar(), parent);
  }

  #endScalar(scalar: ScalarNode, parent: number): Node {
    this.#lines.endLine();
    // A scalar of several lines, or a slip.
    if (this.#lines.column > parent) this.#lines.fail();
    return scalar;
  }

  /** Moves over a scalar of one line. */
  #pass(inFlow: boolean): void {
    const lines = this.#lines;
    const code = lines.code();
    this.#start = lines.at;
    if (code === quote || code === apostrophe) {
      this.#text = readQuoted(lines);
      this.#end = lines.at;
      this.#style = code === quote ? "double" : "single";
    } else {
      this.#end = skipPlain(lines, inFlow);
      this.#text = lines.text.slice(this.#start, this.#end);
      this.#style = "plain";
    }
  }

  /** What was passed, as a value. */
  #scalar(): ScalarNode {
    const value = this.#style === "plain" ? plainValue(this.#text) : this.#text;
    if (typeof value === "number" && !Number.isFinite(value)) this.#lines.fail(this.#start);
    return new ScalarNode(this.#start, this.#end, value, this.#style);
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
    return new ListNode(start, lines.at, exact(items));
  }

  #flowMap(parent: number): Node {
    const lines = this.#lines;
    const start = lines.at++;
    const map = this.#tree.map(this.#path, start);
    this.#flowGap(parent);
    while (lines.code() !== closeMap) {
      this.#pass(true);
      const key = this.#key(this.#text);
      const keyStart = this.#start;
      const keyEnd = this.#end;
      if (key === "<<") lines.fail();
      this.#path.push(key);
      const value = this.#flowMapValue(parent);
      this.#path.pop();
      map.add(new Entry(key, keyStart, keyEnd, value));
      this.#separator(closeMap, parent);
    }
    lines.at++;
    return new MapNode(start, lines.at, exact(map.entries));
  }

  /** Behind its key, which was passed; without a value the key stands for it. */
  #flowMapValue(parent: number): Node {
    const lines = this.#lines;
    const start = this.#start;
    const end = this.#end;
    if (lines.code() === blank) lines.skipBlanks();
    if (lines.code() === colon) {
      lines.at++;
      this.#flowGap(parent);
      return this.#flowValue(parent);
    }
    this.#flowGap(parent);
    const code = lines.code();
    if (code !== comma && code !== closeMap) lines.fail();
    return new ScalarNode(start, end, null, "plain");
  }

  #flowValue(parent: number): Node {
    const code = this.#lines.code();
    if (code === openMap || code === openList) return this.#flow(parent);
    this.#pass(true);
    return this.#scalar();
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
