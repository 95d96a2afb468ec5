/** What a `# connector-ignore rule, rule: reason` comment says. */
import type { Span } from "../read/tree.ts";
import type { Comment } from "../read/yaml-comments.ts";

export interface Directive {
  readonly comment: Comment;
  /** `line`: the comment's own line, or the next one with content; `file`: all lines. Undefined: an unknown word. */
  readonly scope: "line" | "file" | undefined;
  /** `connector-ignore` and what hangs on it. */
  readonly word: Named;
  readonly rules: readonly Named[];
  /** Empty where none is given. */
  readonly reason: string;
}

export interface Named extends Span {
  readonly name: string;
}

/** The marker: a text without it has no directive. */
export const marker = "connector-ignore";

/** Reads a comment; undefined where it is an ordinary one, which may well speak of ignoring. */
export function readDirective(comment: Comment): Directive | undefined {
  const head = /^#+[ \t]*(connector-ignore(?:-([\w-]*))?)(?=[\s:]|$)/.exec(comment.text);
  if (!head) return undefined;
  const [whole, word = "", suffix] = head;
  const body = comment.text.slice(whole.length);
  const list = /^[ \t]*(?:[^\s,:]+(?:[ \t]*,[ \t]*[^\s,:]+)*)?[ \t]*/.exec(body)?.[0] ?? "";
  const rest = body.slice(list.length);
  return {
    comment,
    scope: suffix === undefined ? "line" : suffix === "file" ? "file" : undefined,
    word: named(word, comment.start + whole.length - word.length),
    rules: [...list.matchAll(/[^\s,]+/g)].map((found) =>
      named(found[0], comment.start + whole.length + found.index),
    ),
    reason: rest.startsWith(":") ? rest.slice(1).trim() : "",
  };
}

function named(name: string, start: number): Named {
  return { name, start, end: start + name.length };
}
