/**
 * The grammar of templates: `text {name} text {function(arg, arg)}`. A template is parsed once; what is put into
 * a hole is never scanned again. Offsets count from the start of the template's own text.
 *
 *     template = *( literal / "{{" / "}}" / hole )
 *     hole     = "{" ( name / call ) "}"
 *     name     = ident *( "." ident / "[" quoted "]" )
 *     call     = ident "(" [ argument *( "," argument ) ] ")"
 *     argument = template, trimmed; quotes keep blanks, commas and parentheses; one that is a call stands for it
 */
export interface ParsedTemplate {
  readonly parts: readonly ParsedPart[];
  /** An argument that was written in quotes. */
  readonly quoted?: true;
}

export type ParsedPart = ParsedText | ParsedName | ParsedCall;

export interface ParsedText {
  readonly kind: "text";
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface ParsedName {
  readonly kind: "name";
  /** `["params", "page[size]"]` for `params["page[size]"]`. */
  readonly path: readonly string[];
  readonly start: number;
  readonly end: number;
}

export interface ParsedCall {
  readonly kind: "call";
  readonly name: string;
  readonly args: readonly ParsedTemplate[];
  readonly start: number;
  readonly end: number;
}

export interface TemplateProblem {
  readonly message: string;
  readonly help: string;
  readonly start: number;
  readonly end: number;
}

export type ParseResult = { readonly template: ParsedTemplate } | { readonly problem: TemplateProblem };

const identifier = /[A-Za-z_][A-Za-z0-9_-]*/y;
const maxDepth = 16;

class Problem {
  readonly problem: TemplateProblem;
  constructor(problem: TemplateProblem) {
    this.problem = problem;
  }
}

export function parseTemplate(text: string): ParseResult {
  try {
    return { template: { parts: new Parser(text).parts(0, text.length, 0) } };
  } catch (thrown) {
    if (thrown instanceof Problem) return { problem: thrown.problem };
    throw thrown;
  }
}

class Parser {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  parts(from: number, to: number, depth: number): ParsedPart[] {
    const parts: ParsedPart[] = [];
    let literal = "";
    let literalStart = from;
    let at = from;
    const flush = (end: number): void => {
      if (literal) parts.push({ kind: "text", text: literal, start: literalStart, end });
      literal = "";
    };
    while (at < to) {
      const char = this.#text[at];
      if ((char === "{" || char === "}") && this.#text[at + 1] === char && at + 1 < to) {
        if (!literal) literalStart = at;
        literal += char;
        at += 2;
      } else if (char === "{") {
        flush(at);
        const hole = this.#hole(at, to, depth);
        parts.push(hole);
        at = hole.end;
      } else if (char === "}") {
        this.#fail("A closing brace without an opening one.", "Write }} for a literal brace.", at, at + 1);
      } else {
        if (!literal) literalStart = at;
        literal += char;
        at++;
      }
    }
    flush(to);
    return parts;
  }

  #hole(open: number, to: number, depth: number): ParsedName | ParsedCall {
    if (depth > maxDepth)
      this.#fail("Template calls are nested too deeply.", `Use at most ${maxDepth} levels.`, open, to);
    const close = this.#closing(open, to);
    const inner = this.#text.slice(open + 1, close);
    if (inner.trim() === "")
      this.#fail(
        "An empty hole.",
        "Write a name between the braces, or {{}} for literal braces.",
        open,
        close + 1,
      );
    const found = this.#expression(open + 1, close, depth);
    if (!found) this.#failName(open, close);
    return { ...found, start: open, end: close + 1 };
  }

  /** A name or a call that fills exactly `from`..`to`. */
  #expression(from: number, to: number, depth: number): ParsedName | ParsedCall | undefined {
    const first = this.#identifier(from, to);
    if (first === undefined) return undefined;
    const after = from + first.length;
    if (this.#text[after] === "(" && this.#text[to - 1] === ")" && after < to)
      return this.#call(first, from, to, depth);
    return this.#name(first, from, to);
  }

  #name(first: string, from: number, to: number): ParsedName | undefined {
    const path = [first];
    let at = from + first.length;
    while (at < to) {
      if (this.#text[at] === ".") {
        const next = this.#identifier(at + 1, to);
        if (next === undefined) return undefined;
        path.push(next);
        at += 1 + next.length;
      } else if (this.#text[at] === "[") {
        const quote = this.#text[at + 1];
        if (quote !== '"' && quote !== "'") return undefined;
        const end = this.#text.indexOf(`${quote}]`, at + 2);
        if (end < 0 || end + 2 > to) return undefined;
        path.push(this.#text.slice(at + 2, end));
        at = end + 2;
      } else return undefined;
    }
    return { kind: "name", path, start: from, end: to };
  }

  #call(name: string, from: number, to: number, depth: number): ParsedCall {
    const open = from + name.length;
    const args = this.#argumentRanges(open + 1, to - 1).map(([start, end]) =>
      this.#argument(start, end, depth + 1),
    );
    return { kind: "call", name, args, start: from, end: to };
  }

  #argumentRanges(from: number, to: number): [number, number][] {
    if (this.#text.slice(from, to).trim() === "") return [];
    const ranges: [number, number][] = [];
    let start = from;
    let at = from;
    let level = 0;
    while (at < to) {
      const char = this.#text[at];
      if (char === "{" && this.#text[at + 1] === "{") at++;
      else if (char === "}" && this.#text[at + 1] === "}" && level === 0) at++;
      else if (char === "{" || char === "(") level++;
      else if (char === "}" || char === ")") level--;
      else if (level === 0 && this.#opensQuote(start, at)) at = this.#quoteEnd(at, to);
      else if (char === "," && level === 0) {
        ranges.push([start, at]);
        start = at + 1;
      }
      if (level < 0) this.#failParentheses("A closing parenthesis without an opening one.", at, at + 1);
      at++;
    }
    if (level > 0) this.#failParentheses("A parenthesis that is not closed.", start, to);
    ranges.push([start, to]);
    return ranges;
  }

  #failParentheses(message: string, start: number, end: number): never {
    this.#fail(message, "Give each parenthesis its other half, or put the argument in quotes.", start, end);
  }

  /** A quote counts where it is the first character of its argument. */
  #opensQuote(argumentStart: number, at: number): boolean {
    const char = this.#text[at];
    return (char === '"' || char === "'") && this.#text.slice(argumentStart, at).trim() === "";
  }

  #quoteEnd(open: number, to: number): number {
    const end = this.#text.indexOf(this.#text[open] ?? "", open + 1);
    if (end < 0 || end >= to)
      this.#fail("A quote that is not closed.", "Close the quote, or leave quotes out.", open, to);
    return end;
  }

  #argument(from: number, to: number, depth: number): ParsedTemplate {
    let start = from;
    let end = to;
    while (start < end && isBlank(this.#text[start])) start++;
    while (end > start && isBlank(this.#text[end - 1])) end--;
    const first = this.#text[start];
    if ((first === '"' || first === "'") && end - start >= 2 && this.#text[end - 1] === first) {
      return { parts: this.parts(start + 1, end - 1, depth), quoted: true };
    }
    // `hex(hmac_sha256({key}, x))`: an argument that is a call stands for its result.
    const name = this.#identifier(start, end);
    if (name !== undefined && this.#text[start + name.length] === "(" && this.#text[end - 1] === ")") {
      return { parts: [this.#call(name, start, end, depth)] };
    }
    return { parts: this.parts(start, end, depth) };
  }

  #identifier(from: number, to: number): string | undefined {
    identifier.lastIndex = from;
    const match = identifier.exec(this.#text)?.[0];
    return match?.slice(0, to - from) || undefined;
  }

  /** The brace that closes the hole at `open`. */
  #closing(open: number, to: number): number {
    let level = 0;
    for (let at = open; at < to; at++) {
      const char = this.#text[at];
      if (char === "{") level++;
      else if (char === "}" && --level === 0) return at;
    }
    const end = this.#wordEnd(open, to);
    return this.#fail(
      "A hole that is not closed.",
      "Close it with }, or write {{ for a literal brace.",
      open,
      end,
    );
  }

  #wordEnd(open: number, to: number): number {
    let end = open + 1;
    while (end < to && !/[\s/"'<>]/.test(this.#text[end] ?? "")) end++;
    return end;
  }

  #failName(open: number, close: number): never {
    const inner = this.#text.slice(open + 1, close);
    const trimmed = inner.trim();
    const shown = inner.length > 40 ? `${inner.slice(0, 40)}…` : inner;
    if (/^\$\.?|^\$\{/.test(trimmed))
      this.#fail(`"{${shown}}" is not a name.`, "Write {name} without a dollar sign.", open, close + 1);
    const help = /^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*$/.test(trimmed)
      ? `Write {${trimmed}} without blanks.`
      : 'A hole holds a name such as {domain} or a call such as {base64({a}:{b})}. Write {{ and }} for literal braces, or { $raw: "…" } for a text that is no template.';
    return this.#fail(`"{${shown}}" is not a name or a function call.`, help, open, close + 1);
  }

  #fail(message: string, help: string, start: number, end: number): never {
    throw new Problem({ message, help, start, end });
  }
}

function isBlank(char: string | undefined): boolean {
  return char === " " || char === "\t" || char === "\n" || char === "\r";
}
