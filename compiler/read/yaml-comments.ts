import { Lexer } from "yaml";
import type { Span } from "./tree.ts";

/** A comment of a YAML text, from its `#` to the end of its line. */
export interface Comment extends Span {
  readonly text: string;
  /** What stands before it on its line, from where that begins: a value may have begun lines earlier. */
  readonly after: Span | undefined;
  /** Where the next content below begins; undefined where none follows. */
  readonly next: number | undefined;
  /** Nothing but comments and document markers stands above it in the file. */
  readonly top: boolean;
}

/** Every comment that holds a word, told from a `#` inside a value by the lexer of the YAML parser itself. */
export function readComments(source: string, word: string): readonly Comment[] {
  const comments: { -readonly [key in keyof Comment]: Comment[key] }[] = [];
  let at = 0;
  let scalar = false;
  let top = true;
  let content: Span | undefined;
  let waiting = 0;
  for (const token of new Lexer().lex(source)) {
    // These stand for no text: a document begins, a flow ends in error, a scalar follows.
    if (!scalar && (token === "\x02" || token === "\x18" || token === "\x1f")) {
      scalar = token === "\x1f";
      continue;
    }
    const span = { start: at, end: at + token.length };
    at = span.end;
    const isText = scalar || !/^(?:[#\s\ufeff]|$)/.test(token);
    if (!scalar && token.startsWith("#")) {
      if (!token.includes(word)) continue;
      const after = content && !source.slice(content.end, span.start).includes("\n") ? content : undefined;
      comments.push({ ...span, text: token, after, next: undefined, top });
    } else if (isText) {
      for (; waiting < comments.length; waiting++) {
        const comment = comments[waiting];
        if (comment) comment.next = span.start;
      }
      // A block scalar takes the end of its last line with it.
      content = token.endsWith("\n") ? undefined : onOneLine(source, content, span);
      if (scalar || !/^(?:%|---|\.\.\.)/.test(token)) top = false;
    }
    scalar = false;
  }
  return comments;
}

/** The content of a line so far; a value of several lines begins it where the value begins. */
function onOneLine(source: string, before: Span | undefined, span: Span): Span {
  return before && !source.slice(before.end, span.start).includes("\n")
    ? { start: before.start, end: span.end }
    : span;
}
