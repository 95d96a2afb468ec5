/** Walks a text of plain YAML from value to value: blanks, comments, line ends, document markers. */

/** Thrown where the text is more than plain YAML, or wrong: the parser of the whole language takes over. */
export class NotPlain {
  /** Where it shows. */
  readonly at: number;
  constructor(at: number) {
    this.at = at;
  }
}

export const newline = 10;
const carriageReturn = 13;
export const blank = 32;
export const tab = 9;
const hash = 35;
const dash = 45;

export class Lines {
  readonly text: string;
  /** The next character to read. */
  at = 0;
  /** Column of the next content, once a value has ended; -1 at the end of the document. */
  column = -1;

  constructor(text: string) {
    this.text = text;
  }

  code(offset: number = this.at): number {
    return this.text.charCodeAt(offset);
  }

  fail(at: number = this.at): never {
    throw new NotPlain(at);
  }

  /** At a line end, or at the end of the text. A carriage return that ends no line is not plain. */
  isLineEnd(offset: number = this.at): boolean {
    const code = this.text.charCodeAt(offset);
    if (code === newline || offset >= this.text.length) return true;
    if (code !== carriageReturn) return false;
    return this.text.charCodeAt(offset + 1) === newline || this.fail(offset);
  }

  /** A blank, a line end or the end of the text. */
  isGap(offset: number): boolean {
    return this.text.charCodeAt(offset) === blank || this.isLineEnd(offset);
  }

  /** Over the blanks of this line. */
  skipBlanks(): void {
    const { text } = this;
    let { at } = this;
    while (text.charCodeAt(at) === blank) at++;
    this.at = at;
    if (text.charCodeAt(at) === tab) this.fail();
  }

  /** At a comment: a `#` after a blank or at the beginning of a line. */
  isComment(): boolean {
    if (this.code() !== hash) return false;
    const before = this.at === 0 ? newline : this.code(this.at - 1);
    return before === blank || before === newline || this.fail();
  }

  skipComment(): void {
    const end = this.text.indexOf("\n", this.at);
    this.at = end < 0 ? this.text.length : end;
  }

  /** Over the rest of a line that may hold nothing but a comment, and on to the next content. */
  endLine(): void {
    this.skipBlanks();
    if (this.isComment()) this.skipComment();
    if (!this.isLineEnd()) this.fail();
    this.#toNextLine();
    this.toContent();
  }

  /** From the beginning of a line to the next content of the document. */
  toContent(): void {
    for (;;) {
      const start = this.at;
      this.skipBlanks();
      if (this.at >= this.text.length) break;
      if (this.isComment()) this.skipComment();
      else if (!this.isLineEnd()) {
        this.column = this.at - start;
        if (this.column === 0 && this.isMarker()) break;
        return;
      }
      this.#toNextLine();
    }
    this.column = -1;
  }

  /** At `---`, at the beginning of a line. The end marker `...` is not plain, and neither are directives. */
  isMarker(): boolean {
    const three = this.text.slice(this.at, this.at + 3);
    if (three === "..." || three.startsWith("%")) this.fail();
    return three === "---" && (this.isGap(this.at + 3) || this.code(this.at + 3) === tab);
  }

  /** At the `- ` of a list's entry. */
  isDash(): boolean {
    return (
      this.code() === dash && (this.isGap(this.at + 1) || (this.code(this.at + 1) === tab && this.fail()))
    );
  }

  #toNextLine(): void {
    if (this.code() === carriageReturn) this.at++;
    this.at++;
    if (this.at > this.text.length) this.at = this.text.length;
  }
}
