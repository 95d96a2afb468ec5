import type { Report } from "../diagnostics.ts";
import { crossedBrackets } from "./json-brackets.ts";
import { maxDepth } from "./limits.ts";
import { Entry, ListNode, MapNode, type Node, ScalarNode, type Span } from "./tree.ts";
import { createKeys, exact, TreeBuilder } from "./tree-builder.ts";

/** RFC 8259 text to our tree, positions and all; undefined after a syntax error, which is reported. */
export function readJson(text: string, report: Report): Node | undefined {
  try {
    return new JsonReader(text, report).document();
  } catch (thrown) {
    if (!(thrown instanceof JsonProblem)) throw thrown;
    const { message, at, comma } = thrown;
    const crossed = comma ? undefined : crossedBrackets(text);
    report({
      rule: "json/syntax",
      path: [],
      span: { start: at, end: Math.min(at + 1, text.length) },
      message,
      help: comma ? "Remove the comma." : helpAt(text, at),
      ...(comma ? { fix: { title: "Remove the comma", edits: [{ span: comma, text: "" }] } } : {}),
      ...(crossed
        ? {
            related: [
              { path: [], span: crossed.open, message: "this bracket" },
              {
                path: [],
                span: crossed.close,
                message: "is closed by this one, which stands in another column",
              },
            ],
          }
        : {}),
    });
    return undefined;
  }
}

/** What other dialects have and JSON has not. */
function helpAt(text: string, at: number): string {
  if (/[/#]/.test(text[at] ?? "")) return "JSON has no comments: remove it, or write the descriptor as YAML.";
  if (text[at] === "'") return "JSON takes double quotes alone.";
  return "Mend the JSON here; the parser stopped at this place.";
}

class JsonProblem {
  readonly message: string;
  readonly at: number;
  /** A comma with nothing behind it, which alone is at fault. */
  readonly comma: Span | undefined;
  constructor(message: string, at: number, comma?: Span) {
    this.message = message;
    this.at = at;
    this.comma = comma;
  }
}

const numberAt = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const words = new Map<string, boolean | null>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

class JsonReader {
  readonly #text: string;
  readonly #tree: TreeBuilder;
  readonly #path: (string | number)[] = [];
  readonly #key = createKeys();
  #at = 0;

  constructor(text: string, report: Report) {
    this.#text = text;
    this.#tree = new TreeBuilder(report);
  }

  document(): Node {
    const node = this.#value(0);
    this.#blanks();
    if (this.#at < this.#text.length) this.#fail("Text after the end of the JSON value.");
    return node;
  }

  #value(depth: number): Node {
    this.#blanks();
    if (depth > maxDepth) this.#fail(`Nesting past ${maxDepth} levels.`);
    const char = this.#text[this.#at];
    if (char === "{") return this.#object(depth);
    if (char === "[") return this.#array(depth);
    if (char === '"') {
      const start = this.#at;
      const value = this.#string();
      return new ScalarNode(start, this.#at, value, "double");
    }
    return this.#word();
  }

  #object(depth: number): Node {
    const start = this.#at++;
    const map = this.#tree.map(this.#path, start);
    this.#blanks();
    if (this.#text[this.#at] === "}") this.#at++;
    else
      for (;;) {
        this.#blanks();
        const keyStart = this.#at;
        if (this.#text[keyStart] === "}" && map.entries.length > 0)
          this.#failAtComma("A comma before the closing brace.");
        if (this.#text[keyStart] !== '"') this.#fail("A key in double quotes is missing.");
        const key = this.#key(this.#string());
        const keyEnd = this.#at;
        this.#blanks();
        if (this.#text[this.#at] !== ":") this.#fail("A colon after the key is missing.");
        this.#at++;
        this.#path.push(key);
        const value = this.#value(depth + 1);
        this.#path.pop();
        map.add(new Entry(key, keyStart, keyEnd, value));
        if (!this.#next("}")) break;
      }
    return new MapNode(start, this.#at, exact(map.entries));
  }

  #array(depth: number): Node {
    const start = this.#at++;
    const items: Node[] = [];
    this.#blanks();
    if (this.#text[this.#at] === "]") this.#at++;
    else
      do {
        this.#blanks();
        if (this.#text[this.#at] === "]") this.#failAtComma("A comma before the closing bracket.");
        this.#path.push(items.length);
        items.push(this.#value(depth + 1));
        this.#path.pop();
      } while (this.#next("]"));
    return new ListNode(start, this.#at, exact(items));
  }

  /** True after a comma, false after `close`. */
  #next(close: string): boolean {
    const end = this.#at;
    this.#blanks();
    const char = this.#text[this.#at];
    if (char !== "," && char !== close) this.#fail(`A comma or ${close} is missing after this.`, end - 1);
    this.#at++;
    return char === ",";
  }

  #string(): string {
    const start = this.#at;
    let at = start + 1;
    let escaped = false;
    for (;;) {
      const code = this.#text.charCodeAt(at);
      if (code === 34) break;
      if (Number.isNaN(code)) this.#fail("A string that is not closed.", start);
      if (code < 32) this.#fail("A control character inside a string; write it as an escape.", at);
      if (code === 92) {
        escaped = true;
        at++;
      }
      at++;
    }
    this.#at = at + 1;
    if (!escaped) return this.#text.slice(start + 1, at);
    try {
      return JSON.parse(this.#text.slice(start, at + 1)) as string;
    } catch {
      return this.#fail("An escape that JSON does not know inside this string.", start);
    }
  }

  #word(): Node {
    const start = this.#at;
    numberAt.lastIndex = start;
    const number = numberAt.exec(this.#text)?.[0];
    if (number !== undefined) {
      this.#at = start + number.length;
      return this.#tree.number([...this.#path], number, Number(number), { start, end: this.#at });
    }
    for (const [word, value] of words)
      if (this.#text.startsWith(word, start)) {
        this.#at = start + word.length;
        return new ScalarNode(start, this.#at, value, "plain");
      }
    return this.#fail(
      start >= this.#text.length ? "The text ends in the middle of a value." : "This is no JSON value.",
    );
  }

  #blanks(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === 32 || code === 10 || code === 13 || code === 9) this.#at++;
      else return;
    }
  }

  /** Only blanks stand between the comma and here. */
  #failAtComma(message: string): never {
    const start = this.#text.lastIndexOf(",", this.#at);
    throw new JsonProblem(message, start, { start, end: start + 1 });
  }

  #fail(message: string, at: number = this.#at): never {
    throw new JsonProblem(message, at);
  }
}
