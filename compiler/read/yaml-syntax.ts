import {
  type Document,
  isCollection,
  isScalar,
  type ParsedNode,
  Scalar,
  visit,
  type YAMLParseError,
} from "yaml";
import type { Report } from "../diagnostics.ts";
import type { Span } from "./tree.ts";

interface SyntaxFault {
  readonly span: Span;
  readonly message: string;
  readonly help: string;
}

/** Tells a document's first syntax error, at the place of the slip; what follows it is a guess of the parser. */
export function reportSyntax(document: Document.Parsed<ParsedNode>, text: string, report: Report): void {
  const error = document.errors.reduce((a, b) => (b.pos[0] < a.pos[0] ? b : a));
  report({
    rule: "yaml/syntax",
    path: [],
    ...(unclosed(document, error, text) ?? indented(error, text) ?? plain(error, text)),
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
  const at = opening(document, error.pos[0], quote);
  if (at === undefined) return undefined;
  const closing = text[at] === "[" ? "]" : text[at] === "{" ? "}" : "the matching quote";
  return {
    span: { start: at, end: at + 1 },
    message: `What opens here is not closed (${lowerFirst(error.message)}).`,
    help: `Close it with ${closing}.`,
  };
}

/** Where the innermost quote or bracket that reaches the error opens. */
function opening(document: Document.Parsed<ParsedNode>, at: number, quote: boolean): number | undefined {
  let found: number | undefined;
  visit(document, (_key, node) => {
    const range = (isScalar(node) || isCollection(node)) && node.range;
    if (!range || range[0] >= at || range[2] < at - 1) return;
    const quoted = isScalar(node) && (node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE);
    if (quote ? quoted : isCollection(node) && node.flow) found = range[0];
  });
  return found;
}

/** A line that is indented deeper than the text above it allows is itself at fault, not the text above. */
function indented(error: YAMLParseError, text: string): SyntaxFault | undefined {
  const { code } = error;
  if (code !== "BLOCK_AS_IMPLICIT_KEY" && code !== "MULTILINE_IMPLICIT_KEY") return undefined;
  const end = endOfLine(text, error.pos[0]);
  if (/: |:$/.test(text.slice(error.pos[0], end).trimEnd())) return undefined;
  const next = /\S[^\r\n]*/g;
  next.lastIndex = end;
  const line = next.exec(text);
  if (!line) return undefined;
  const key = line[0].split(":", 1)[0] ?? line[0];
  return {
    span: { start: line.index, end: line.index + key.length },
    message: "This line is indented deeper than the keys beside it.",
    help: "Give it the indentation of the keys that it belongs to.",
  };
}

function plain(error: YAMLParseError, text: string): SyntaxFault {
  let start = error.pos[0];
  while (start < text.length && /\s/.test(text[start] ?? "") && text[start] !== "\t") start++;
  const end = Math.min(Math.max(error.pos[1], start + 1), endOfLine(text, start));
  const message = `This is not valid YAML: ${lowerFirst(error.message)}.`;
  return { span: { start, end: Math.max(start, end) }, message, help: helpFor(error, text) };
}

function helpFor(error: YAMLParseError, text: string): string {
  const line = text.slice(text.lastIndexOf("\n", error.pos[0] - 1) + 1, endOfLine(text, error.pos[0]));
  if (/:\s+\{[A-Za-z_][\w.-]*\}\S/.test(line) || /:\s+\{[A-Za-z_][\w.-]*\(/.test(line))
    return 'A value that begins with { must be in quotes: "{name}/path".';
  if (error.code === "TAB_AS_INDENT") return "Indent with blanks.";
  if (error.code === "BLOCK_AS_IMPLICIT_KEY") return 'A text that holds ": " must be in quotes.';
  return "Mend the syntax here; what follows was not read.";
}

function endOfLine(text: string, at: number): number {
  const found = text.slice(at).search(/[\r\n]/);
  return found < 0 ? text.length : at + found;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, "");
}
