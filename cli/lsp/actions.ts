/** Quick fixes for findings, and the mend of a whole document. */
import { type CodeAction, CodeActionKind, type CodeActionParams, type TextEdit } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { fixText } from "../../compiler/fix/fix-text.ts";
import type { Analysis } from "../../compiler/language-service/analysis.ts";
import { ignoreEdit } from "../../compiler/language-service/ignore-comment.ts";
import type { Diagnostic } from "../../schema/diagnostic.ts";
import { toDiagnostic, toEdit, toRange, toWorkspaceEdit } from "./convert.ts";

export const fixAllKind = "source.fixAll.connector";

/** What may be done about the findings at a range: a certain mend is preferred, a guess and an ignore comment are not. */
export function quickFixes(
  document: TextDocument,
  analysis: Analysis,
  { range, context }: CodeActionParams,
): CodeAction[] {
  if (!wants(context.only, CodeActionKind.QuickFix)) return [];
  const here = analysis.diagnostics.filter((diagnostic) => {
    const place = toRange(diagnostic.range);
    return (
      document.offsetAt(place.start) <= document.offsetAt(range.end) &&
      document.offsetAt(range.start) <= document.offsetAt(place.end)
    );
  });
  return here.flatMap((diagnostic) => [
    ...mend(document, diagnostic),
    ...guess(document, diagnostic),
    ...ignore(document, analysis, diagnostic),
  ]);
}

function mend(document: TextDocument, diagnostic: Diagnostic): CodeAction[] {
  if (!diagnostic.fix) return [];
  const { title, edits } = diagnostic.fix;
  const changes = edits.map(({ range, text }) => ({ range: toRange(range), newText: text }));
  return [{ ...action(document, diagnostic, title, changes), isPreferred: true }];
}

function guess(document: TextDocument, diagnostic: Diagnostic): CodeAction[] {
  const { suggestion, fix } = diagnostic;
  if (!suggestion || fix) return [];
  const shown =
    suggestion.text.length > 60 ? `${suggestion.text.slice(0, 60).toWellFormed()}…` : suggestion.text;
  const change = { range: toRange(suggestion.range), newText: suggestion.text };
  return [action(document, diagnostic, `Write \`${shown.replace(/\s+/g, " ")}\``, [change])];
}

function ignore(document: TextDocument, analysis: Analysis, diagnostic: Diagnostic): CodeAction[] {
  const edit = ignoreEdit(analysis, diagnostic);
  return edit
    ? [
        action(document, diagnostic, `Ignore ${diagnostic.rule} here, with a reason`, [
          toEdit(document, edit),
        ]),
      ]
    : [];
}

function action(
  document: TextDocument,
  diagnostic: Diagnostic,
  title: string,
  changes: TextEdit[],
): CodeAction {
  return {
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [toDiagnostic(diagnostic, document.uri, false)],
    edit: toWorkspaceEdit(document, changes),
  };
}

/** Every certain mend at once, as `connector validate --fix` makes them. Made only when asked for by its kind. */
export async function fixAll(
  document: TextDocument,
  { context }: CodeActionParams,
  check: (text: string) => Promise<readonly Diagnostic[]>,
): Promise<CodeAction[]> {
  if (!context.only?.some((kind) => fixAllKind === kind || fixAllKind.startsWith(`${kind}.`))) return [];
  const before = document.getText();
  const { text, fixed } = await fixText(before, check);
  if (text === before) return [];
  const title = `Make the ${fixed.length === 1 ? "certain mend" : `${fixed.length} certain mends`} of this file`;
  return [{ title, kind: fixAllKind, edit: toWorkspaceEdit(document, [difference(document, before, text)]) }];
}

/** The part that differs: the cursor and the folds of the rest stay. */
function difference(document: TextDocument, before: string, after: string): TextEdit {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - start;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const span = { start, end: before.length - tail };
  return toEdit(document, { span, text: after.slice(start, after.length - tail) });
}

function wants(only: readonly string[] | undefined, kind: string): boolean {
  return only === undefined || only.some((one) => one === kind || kind.startsWith(`${one}.`) || one === "");
}
