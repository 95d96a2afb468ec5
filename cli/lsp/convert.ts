/** Our answers in the shapes of the protocol: lines and characters from 0, kinds as numbers. */
import {
  CompletionItemKind,
  DiagnosticSeverity,
  DiagnosticTag,
  DocumentHighlightKind,
  type DocumentSymbol,
  InsertTextFormat,
  InsertTextMode,
  type MarkupContent,
  MarkupKind,
  type CompletionItem as ProtocolCompletion,
  type Diagnostic as ProtocolDiagnostic,
  type TextEdit as ProtocolEdit,
  type Range as ProtocolRange,
  SymbolKind,
  type WorkspaceEdit,
} from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import {
  type CompletionItem,
  type ItemKind,
  withoutStops,
} from "../../compiler/language-service/completion/items.ts";
import { withoutMarkup } from "../../compiler/language-service/markdown.ts";
import type { OutlineItem, OutlineKind } from "../../compiler/language-service/outline.ts";
import type { TextEdit } from "../../compiler/language-service/rename.ts";
import type { Occurrence } from "../../compiler/language-service/symbols.ts";
import type { Span } from "../../compiler/read/tree.ts";
import type { Diagnostic, Range, Severity } from "../../schema/diagnostic.ts";
import type { ClientFeatures } from "./client.ts";

export function toRange({ start, end }: Range): ProtocolRange {
  return {
    start: { line: start.line - 1, character: start.column - 1 },
    end: { line: end.line - 1, character: end.column - 1 },
  };
}

export function spanRange(document: TextDocument, { start, end }: Span): ProtocolRange {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

const severities: { readonly [S in Severity]: DiagnosticSeverity } = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

/** The message and what to do; the other places that explain it where the client shows them. */
export function toDiagnostic(diagnostic: Diagnostic, uri: string, withRelated: boolean): ProtocolDiagnostic {
  const { message, help, related = [], rule, severity, range } = diagnostic;
  const tags = tagsOf(rule);
  return {
    range: toRange(range),
    severity: severities[severity],
    code: rule,
    source: "connector",
    message: [message, help].filter((part) => part !== undefined).join("\n"),
    ...(tags.length > 0 ? { tags } : {}),
    ...(withRelated && related.length > 0
      ? {
          relatedInformation: related
            .filter(({ file }) => file === diagnostic.file)
            .map((other) => ({ location: { uri, range: toRange(other.range) }, message: other.message })),
        }
      : {}),
  };
}

/** What nothing uses is shown faded, what should not be used struck out. */
function tagsOf(rule: string): DiagnosticTag[] {
  if (/\/(?:unused|.*-unused$|unused-)/.test(rule)) return [DiagnosticTag.Unnecessary];
  return /\/.*deprecated/.test(rule) ? [DiagnosticTag.Deprecated] : [];
}

export function toEdit(document: TextDocument, { span, text }: TextEdit): ProtocolEdit {
  return { range: spanRange(document, span), newText: text };
}

/** Edits of one document. By its URI alone: every client knows that form. */
export function toWorkspaceEdit({ uri }: TextDocument, edits: ProtocolEdit[]): WorkspaceEdit {
  return { changes: { [uri]: edits } };
}

const completionKinds: { readonly [K in ItemKind]: CompletionItemKind } = {
  key: CompletionItemKind.Property,
  value: CompletionItemKind.EnumMember,
  reference: CompletionItemKind.Reference,
  variable: CompletionItemKind.Variable,
  function: CompletionItemKind.Function,
  item: CompletionItemKind.Snippet,
};

/** Markdown for editors that show it, plain text for the others. */
export function toMarkup(text: string, markdown: boolean): MarkupContent {
  return markdown
    ? { kind: MarkupKind.Markdown, value: text }
    : { kind: MarkupKind.PlainText, value: withoutMarkup(text) };
}

export function toCompletion(
  document: TextDocument,
  item: CompletionItem,
  { snippets, markdown }: Pick<ClientFeatures, "snippets" | "markdown">,
): ProtocolCompletion {
  const isSnippet = item.snippet && snippets;
  const newText = item.snippet && !snippets ? withoutStops(item.insert) : item.insert;
  return {
    label: item.label,
    kind: completionKinds[item.kind],
    textEdit: { range: spanRange(document, item.span), newText },
    insertTextFormat: isSnippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    // Lines of a skeleton are indented already.
    insertTextMode: InsertTextMode.asIs,
    sortText: String(item.rank).padStart(5, "0"),
    ...(item.filter === undefined ? {} : { filterText: item.filter }),
    ...(item.detail ? { detail: item.detail } : {}),
    ...(item.documentation ? { documentation: toMarkup(item.documentation, markdown.completion) } : {}),
  };
}

const outlineKinds: { readonly [K in OutlineKind]: SymbolKind } = {
  section: SymbolKind.Namespace,
  named: SymbolKind.Function,
  parameter: SymbolKind.Variable,
  field: SymbolKind.Field,
};

export function toDocumentSymbol(document: TextDocument, item: OutlineItem): DocumentSymbol {
  return {
    // A symbol without a name is refused by editors.
    name: item.name.trim() || "?",
    detail: item.detail,
    kind: outlineKinds[item.kind],
    range: spanRange(document, item.span),
    selectionRange: spanRange(document, item.selection),
    children: item.children.map((child) => toDocumentSymbol(document, child)),
  };
}

export function highlightKind({ role }: Occurrence): DocumentHighlightKind {
  return role === "declaration" ? DocumentHighlightKind.Write : DocumentHighlightKind.Read;
}
