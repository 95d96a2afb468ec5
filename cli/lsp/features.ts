/** What the server answers: each request of the protocol, from the language service. */
import {
  type CancellationToken,
  type Connection,
  type Hover,
  type HoverParams,
  LSPErrorCodes,
  type Position,
  ResponseError,
  type TextDocumentIdentifier,
} from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Analysis } from "../../compiler/language-service/analysis.ts";
import { completionsAt } from "../../compiler/language-service/completion/completion.ts";
import { foldsOf } from "../../compiler/language-service/folding.ts";
import { type Hover as HoverContent, hoverAt } from "../../compiler/language-service/hover.ts";
import { fileLinks } from "../../compiler/language-service/links.ts";
import { definitionsAt, referencesAt } from "../../compiler/language-service/navigate.ts";
import { outlineOf } from "../../compiler/language-service/outline.ts";
import { renamable, rename } from "../../compiler/language-service/rename.ts";
import { signatureAt } from "../../compiler/language-service/signature.ts";
import type { Span } from "../../compiler/read/tree.ts";
import { readRulePage } from "../report/rule-page.ts";
import { fixAll, quickFixes } from "./actions.ts";
import {
  highlightKind,
  spanRange,
  toCompletion,
  toDocumentSymbol,
  toEdit,
  toMarkup,
  toWorkspaceEdit,
} from "./convert.ts";
import type { JudgedDocument } from "./judge.ts";
import type { Session } from "./session.ts";
import { unchangedSince } from "./unchanged.ts";

interface Asked<P> {
  readonly params: P;
  readonly document: TextDocument;
  readonly judged: JudgedDocument;
}

export function answerRequests(connection: Connection, session: Session): void {
  const on = answering(session);

  const hover = (analysis: Analysis, offset: number): HoverContent | undefined =>
    hoverAt(analysis, offset, (rule) => readRulePage(rule)?.prose || undefined);
  const toHover = (document: TextDocument, { markdown }: HoverContent, span: Span): Hover => {
    return { contents: toMarkup(markdown, session.client.markdown.hover), range: spanRange(document, span) };
  };
  const whenJudged = on<HoverParams, Hover>(null, ({ params, document, judged }) => {
    const found = hover(judged.analysis, offsetAt(document, params));
    return found && toHover(document, found, found.span);
  });
  connection.onHover((params, token) => {
    const document = session.documents.get(params.textDocument.uri);
    return (document && hoverBefore(document, offsetAt(document, params))) ?? whenJudged(params, token);
  });

  /** What was known before the last keys, of a large document that takes long to judge. */
  function hoverBefore(document: TextDocument, offset: number): Hover | undefined {
    const last = session.judged.before(document);
    if (!last?.found) return undefined;
    const unchanged = unchangedSince(last.text, document.getText());
    const at = unchanged.toBefore(offset);
    const found = at === undefined ? undefined : hover(last.found.analysis, at);
    const span = found && unchanged.toNow(found.span);
    return found && span && toHover(document, found, span);
  }

  connection.onDefinition(
    on(null, ({ params, document, judged }) =>
      definitionsAt(judged.analysis, offsetAt(document, params)).map(({ span }) => ({
        uri: document.uri,
        range: spanRange(document, span),
      })),
    ),
  );

  connection.onReferences(
    on(null, ({ params, document, judged }) =>
      referencesAt(judged.analysis, offsetAt(document, params), params.context.includeDeclaration).map(
        ({ span }) => ({
          uri: document.uri,
          range: spanRange(document, span),
        }),
      ),
    ),
  );

  connection.onDocumentHighlight(
    on(null, ({ params, document, judged }) =>
      referencesAt(judged.analysis, offsetAt(document, params), true).map((one) => ({
        range: spanRange(document, one.span),
        kind: highlightKind(one),
      })),
    ),
  );

  connection.onPrepareRename(
    on(null, ({ params, document, judged }) => {
      const able = renamable(judged.analysis, offsetAt(document, params));
      return "refused" in able
        ? refusal(able.refused)
        : { range: spanRange(document, able.span), placeholder: able.name };
    }),
  );

  connection.onRenameRequest(
    on(null, async ({ params, document, judged }) => {
      const edits = await rename(judged.analysis, offsetAt(document, params), params.newName, judged.options);
      if ("refused" in edits) return refusal(edits.refused);
      return toWorkspaceEdit(
        document,
        edits.map((edit) => toEdit(document, edit)),
      );
    }),
  );

  connection.onDocumentSymbol(
    on(null, ({ document, judged }) =>
      outlineOf(judged.analysis).map((item) => toDocumentSymbol(document, item)),
    ),
  );

  connection.onFoldingRanges(
    on(null, ({ judged }) =>
      foldsOf(judged.analysis).map(({ start, end }) => ({ startLine: start, endLine: end })),
    ),
  );

  connection.onDocumentLinks(
    on(null, ({ document, judged }) =>
      fileLinks(judged.analysis).flatMap(({ span, file }) => {
        const target = session.workspace.linkTarget(document.uri, file);
        return target === undefined ? [] : [{ range: spanRange(document, span), target }];
      }),
    ),
  );

  connection.onCodeAction(
    on(null, async ({ params, document, judged }) => [
      ...quickFixes(document, judged.analysis, params),
      ...(await fixAll(document, params, judged.check)),
    ]),
  );
  answerTyping(connection, session);
}

/** What is asked at every key is answered from the text alone, without waiting until it is judged. */
function answerTyping(connection: Connection, session: Session): void {
  const { documents, judged } = session;
  const descriptorOf = ({ uri }: TextDocumentIdentifier): TextDocument | undefined => {
    const document = documents.get(uri);
    return document && judged.concerns(document) ? document : undefined;
  };

  connection.onCompletion(async (params, token) => {
    const document = descriptorOf(params.textDocument);
    if (!document) return null;
    await nextTurn();
    if (token.isCancellationRequested) return cancelled();
    const text = document.getText();
    const items = await completionsAt(text, document.offsetAt(params.position));
    return items.map((item) => toCompletion(document, item, session.client));
  });

  connection.onSignatureHelp((params) => {
    const document = descriptorOf(params.textDocument);
    const signature = document && signatureAt(document.getText(), document.offsetAt(params.position));
    if (!signature) return null;
    const { usage, documentation, parameters, active } = signature;
    return {
      signatures: [{ label: usage, documentation, parameters: parameters.map((label) => ({ label })) }],
      activeSignature: 0,
      activeParameter: active,
    };
  });
}

type Handler<P, R> = (params: P, token: CancellationToken) => Promise<R | ResponseError | null>;

/**
 * Makes a handler: finds the document, judges it unless that is done, and gives up when the request is cancelled. What
 * fails inside answers this one request with an error; the server goes on.
 */
function answering({ documents, judged }: Session) {
  return <P extends { readonly textDocument: TextDocumentIdentifier }, R>(
    nothing: null,
    answer: (asked: Asked<P>) => R | undefined | null | Promise<R | undefined | null>,
  ): Handler<P, Exclude<R, undefined | null>> =>
    async (params, token) => {
      const document = documents.get(params.textDocument.uri);
      if (!document) return nothing;
      await nextTurn();
      if (token.isCancellationRequested) return cancelled();
      const { version } = document;
      const found = await judged.of(document);
      if (!found) return nothing;
      await nextTurn();
      if (token.isCancellationRequested) return cancelled();
      if (document.version !== version) return outdated();
      return ((await answer({ params, document, judged: found })) ?? nothing) as Exclude<
        R,
        undefined | null
      > | null;
    };
}

function offsetAt(document: TextDocument, { position }: { readonly position: Position }): number {
  return document.offsetAt(position);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function cancelled(): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestCancelled, "The request was cancelled.");
}

/** The positions of the question are those of a text that is no more. */
function outdated(): ResponseError {
  return new ResponseError(LSPErrorCodes.ContentModified, "The document has changed meanwhile.");
}

/** A sentence that the editor shows. */
function refusal(sentence: string): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestFailed, sentence.replaceAll("`", "'"));
}
