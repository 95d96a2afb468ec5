import {
  type Document,
  isCollection,
  isScalar,
  type ParsedNode,
  Scalar,
  visit,
  type YAMLParseError,
} from "yaml";
import type { Finding, Mend, Report } from "../diagnostics.ts";
import type { Span } from "./tree.ts";
import { firstAstray } from "./yaml-columns.ts";

interface SyntaxFault {
  readonly fix?: Mend;
  readonly span: Span;
  readonly message: string;
  readonly help: string;
  readonly related?: NonNullable<Finding["related"]>;
}

/** Tells a document's first syntax error, at the place of the slip; what follows it is a guess of the parser. */
export function reportSyntax(document: Document.Parsed<ParsedNode>, text: string, report: Report): void {
  const first = document.errors.reduce((a, b) => (b.pos[0] < a.pos[0] ? b : a));
  // What opens before the first error and is never closed is its cause.
  const open = document.errors
    .flatMap((error) => unclosed(document, error, text) ?? [])
    .filter(({ span }) => span.start <= first.pos[0])
    .sort((a, b) => a.span.start - b.span.start)[0];
  report({
    rule: "yaml/syntax",
    path: [],
    ...(open ??
      indented(first, text) ??
      outdented(first, text) ??
      displaced(first, text) ??
      plain(first, text)),
  });
}

/** A quote or bracket that is never closed is shown where it opens. */
function unclosed(
  document: Document.Parsed<ParsedNode>,
  error: YAMLParseError,
  text: string,
): SyntaxFault | undefined {
  const quote = /quote/.test(error.message);
  if (!quote && !/[Ff]low (?:map|sequence|collection)/.test(error.message)) return undefined;
  const at = opening(document, text, error.pos[0], quote);
  if (at === undefined) return undefined;
  const closing = text[at] === "[" ? "]" : text[at] === "{" ? "}" : "the matching quote";
  return {
    span: { start: at, end: at + 1 },
    message: `What opens here is not closed (${lowerFirst(error.message)}).`,
    help: `${quote ? "" : unquotedIn(text.slice(at, endOfLine(text, at)))}Close it with ${closing}.`,
  };
}

/** What keeps a map or list on one line from being closed where its author closed it. */
function unquotedIn(line: string): string {
  const bare = line.replace(/"[^"]*"/g, '""');
  if (/^\{[A-Za-z_][\w.]*\(/.test(bare)) return 'A value that begins with { must be in quotes: "{name}". ';
  if (/\s#/.test(bare)) return "A # behind a blank begins a comment: put a value that begins so in quotes. ";
  if (/[\w.-][[{]/.test(bare)) return "A text that holds [ or { must be in quotes here. ";
  return "";
}

/** Where the innermost quote or bracket that reaches the error opens. */
function opening(
  document: Document.Parsed<ParsedNode>,
  text: string,
  at: number,
  quote: boolean,
): number | undefined {
  let found: number | undefined;
  visit(document, (_key, node) => {
    const range = (isScalar(node) || isCollection(node)) && node.range;
    if (!range || range[0] >= at || range[2] < at - 1) return;
    const quoted = isScalar(node) && (node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE);
    if (quote ? quoted : isCollection(node) && node.flow && /[[{]/.test(text[range[0]] ?? ""))
      found = range[0];
  });
  return found;
}

/** A line that is indented deeper than the text above it allows is itself at fault, not the text above. */
function indented(error: YAMLParseError, text: string): SyntaxFault | undefined {
  const start = error.pos[0];
  const end = endOfLine(text, start);
  if (error.code !== "BLOCK_AS_IMPLICIT_KEY" || /: |:$/.test(text.slice(start, end).trimEnd()))
    return undefined;
  const next = /[^\s#][^\r\n]*/g;
  next.lastIndex = end;
  const line = next.exec(text);
  if (!line || indentOf(text, line.index) <= indentOf(text, start)) return undefined;
  const key = line[0].split(":", 1)[0] ?? line[0];
  return {
    span: { start: line.index, end: line.index + key.length },
    message: "This line is indented deeper than the keys beside it.",
    help: "Give it the indentation of the keys that it belongs to.",
    related: valued(line.index, text),
  };
}

function indentOf(text: string, at: number): number {
  const start = text.lastIndexOf("\n", at - 1) + 1;
  return text.slice(start).search(/[^ ]/);
}

/** A top-level key at the margin under a first one that is not: all that comes between belongs to another column. */
function outdented(error: YAMLParseError, text: string): SyntaxFault | undefined {
  const start = error.pos[0];
  if (error.code !== "UNEXPECTED_TOKEN" || text[start - 1] !== "\n" || !/[\w"']/.test(text[start] ?? ""))
    return undefined;
  const first = /^(?! *(?:#|\r?$|---|%))( *(?:- +)?)(\S+)/mu.exec(text);
  if (!first?.[1]) return undefined;
  const from = first.index + first[1].length;
  return {
    span: { start, end: endOfLine(text, start) },
    message: "This line begins further left than the first key of the document.",
    help: "Begin all top-level keys in one column, the first.",
    related: [
      { path: [], span: { start: from, end: from + (first[2]?.length ?? 0) }, message: "the first key" },
    ],
  };
}

/** The first line of a block that stands deeper than all others in it, or begins a list among keys. */
function displaced(error: YAMLParseError, text: string): SyntaxFault | undefined {
  if (!isInOtherColumn(error)) return undefined;
  const found = firstAstray(text, firstVisible(text, error.pos[0]));
  if (!found) return undefined;
  return {
    span: found.span,
    message: found.dashed
      ? "This line begins an entry of a list, in another column than the keys below it."
      : "This line begins in another column than the keys below it.",
    help: "Give it the indentation of the keys that it belongs to.",
  };
}

function firstVisible(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text[at] ?? "") && text[at] !== "\t") at++;
  return at;
}

/** The line above one that is too deep, which has a value already. */
function valued(start: number, text: string): NonNullable<Finding["related"]> {
  const above = text.slice(0, startOfLine(text, start)).trimEnd();
  const from = startOfLine(above, above.length) + indentOf(above, above.length);
  const isKey = /^(?:- +)*[\w"'-]+: +[^\s|>#]/.test(above.slice(from));
  return isKey && indentOf(above, above.length) < indentOf(text, start)
    ? [{ path: [], span: { start: from, end: above.length }, message: "this key has its value" }]
    : [];
}

/** The first line of the block in which a list entry stands where a key was expected: it may lack its `- `. */
function undashed(start: number, text: string): NonNullable<Finding["related"]> {
  const column = start - startOfLine(text, start);
  let found: Span | undefined;
  for (let end = startOfLine(text, start) - 1; end > 0; end = startOfLine(text, end) - 1) {
    const line = text.slice(startOfLine(text, end), end).trimEnd();
    const indent = line.search(/[^ ]/);
    if (indent < 0 || line[indent] === "#") continue;
    if (indent < column || (indent === column && line.endsWith(":"))) break;
    const from = startOfLine(text, end) + indent;
    found = { start: from, end: from + line.length - indent };
  }
  const isKey = found && /^[\w"'-]+:(?: |$)/.test(text.slice(found.start, found.end));
  return isKey && found
    ? [{ path: [], span: found, message: "a key is expected since this line: does it lack its `- `?" }]
    : [];
}

function plain(error: YAMLParseError, text: string): SyntaxFault {
  const start = firstVisible(text, error.pos[0]);
  const end = Math.min(Math.max(error.pos[1], start + 1), endOfLine(text, start));
  const message = /block sequence/.test(error.message)
    ? "A list entry stands here where a key was expected."
    : error.code === "MULTILINE_IMPLICIT_KEY"
      ? "This line is no `key: value`."
      : isInOtherColumn(error)
        ? "This line begins in another column than the keys beside it."
        : `This is not valid YAML: ${lowerFirst(error.message)}.`;
  return {
    span: { start, end: Math.max(start, end) },
    message,
    help: helpFor(error, text),
    ...(/block sequence/.test(error.message)
      ? { related: [...valued(start, text), ...undashed(start, text)].slice(0, 1) }
      : isInOtherColumn(error)
        ? { related: valued(start, text) }
        : {}),
    ...quoting(error, text),
  };
}

/** `key: {name}/path`: a value that begins with a hole, to be put in quotes as it stands. */
function quoting(error: YAMLParseError, text: string): { readonly fix?: Mend } {
  const start = startOfLine(text, error.pos[0]);
  const line = text.slice(start, endOfLine(text, error.pos[0]));
  const found = /^(?: *- +)? *[\w-]+: +(\{[A-Za-z_][\w.-]*\}[^\s"'\\#]+)\s*$/d.exec(line)?.indices?.[1];
  if (!found) return {};
  const span = { start: start + found[0], end: start + found[1] };
  const written = text.slice(span.start, span.end);
  return { fix: { title: "Put the value in quotes", edits: [{ span, text: `"${written}"` }] } };
}

/** A line that is indented less than its neighbours, and no less than those around them. */
function isInOtherColumn({ message }: YAMLParseError): boolean {
  return /^(?:Sequence item without - indicator|All mapping items must start at the same column)/.test(
    message,
  );
}

function startOfLine(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

function helpFor(error: YAMLParseError, text: string): string {
  const line = text.slice(text.lastIndexOf("\n", error.pos[0] - 1) + 1, endOfLine(text, error.pos[0]));
  if (/:\s+\{[A-Za-z_][\w.-]*\}\S/.test(line) || /:\s+\{[A-Za-z_][\w.-]*\(/.test(line))
    return 'A value that begins with { must be in quotes: "{name}/path".';
  if (/block sequence/.test(error.message)) return "Indent it like the other entries of its list.";
  if (error.code === "MULTILINE_IMPLICIT_KEY") return "Write a colon and a blank after the key.";
  if (error.code === "TAB_AS_INDENT") return "Indent with blanks.";
  if (error.code === "BLOCK_AS_IMPLICIT_KEY") return 'A text that holds ": " must be in quotes.';
  if (isInOtherColumn(error)) return "Give this line the indentation of the keys that it belongs to.";
  if (error.code === "BAD_DQ_ESCAPE")
    return "In double quotes \\ begins an escape: write \\\\, or put the text in single quotes.";
  if (error.code === "BAD_SCALAR_START") return "Put the value in quotes.";
  if (error.code === "UNEXPECTED_TOKEN" && /:\s+'[^']*'\S/.test(line))
    return "A single quote inside single quotes is doubled: ''. Or put the text in double quotes.";
  return "Mend the syntax here; what follows was not read.";
}

function endOfLine(text: string, at: number): number {
  const found = text.slice(at).search(/[\r\n]/);
  return found < 0 ? text.length : at + found;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, "");
}
