/** Gives a thing another name everywhere, or says why not. */
import type { CompileOptions } from "../compile.ts";
import type { Span } from "../read/tree.ts";
import { isForbiddenName } from "../read/tree-builder.ts";
import { type Analysis, type AnalyzedDocument, analyze, documentAt } from "./analysis.ts";
import { code } from "./markdown.ts";
import {
  type NamedSymbol,
  type Occurrence,
  occurrenceAt,
  occurrencesOf,
  type SymbolKind,
} from "./symbols.ts";
import { wireNameEdits } from "./wire-name.ts";
import { writtenName } from "./written-name.ts";

export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}

export type Refusal = { readonly refused: string };

/** The name at an offset, if it can be renamed. */
export function renamable(
  analysis: Analysis,
  offset: number,
): { readonly span: Span; readonly name: string } | Refusal {
  if (analysis.documents.length === 0)
    return { refused: "Nothing can be renamed while the file has a syntax error. Mend that first." };
  const document = documentAt(analysis, offset);
  const occurrence = document && occurrenceAt(document.symbols(), offset);
  const [symbol] = occurrence?.symbols ?? [];
  if (!occurrence || !symbol) return { refused: "There is no name here that can be changed." };
  const group = document ? groupOf(document, occurrence) : [];
  const problem = fixedName(group, occurrence);
  return problem === undefined ? { span: occurrence.span, name: symbol.name } : { refused: problem };
}

/**
 * The edits that rename. The result is judged before it is given out: each name must still mean what it meant, and no
 * new error may arise; so nothing is captured by a name that is taken elsewhere.
 */
export async function rename(
  analysis: Analysis,
  offset: number,
  name: string,
  options: CompileOptions,
): Promise<readonly TextEdit[] | Refusal> {
  const able = renamable(analysis, offset);
  if ("refused" in able) return able;
  if (name === able.name) return [];
  const document = documentAt(analysis, offset);
  const occurrence = document && occurrenceAt(document.symbols(), offset);
  if (!document || !occurrence) return { refused: "There is no name here that can be changed." };
  const group = groupOf(document, occurrence);
  const problem = illegalName(group, name) ?? takenName(document, group, name);
  if (problem !== undefined) return { refused: problem };
  const places = occurrencesOf(document.symbols(), group).filter(({ exact }) => exact);
  const edits = [
    ...places.map(({ span, form }) => ({ span, text: writtenName(name, form) })),
    ...wireNameEdits(analysis.text, document, group),
  ];
  const renamed = await analyze(apply(analysis.text, edits), options);
  return changedMeaning(analysis, renamed, document, able.name, name) ?? edits;
}

/** What must be renamed together: a place that means fields of two profiles ties the two. */
function groupOf(document: AnalyzedDocument, occurrence: Occurrence): readonly NamedSymbol[] {
  const index = document.symbols();
  let group: readonly NamedSymbol[] = occurrence.symbols;
  for (;;) {
    const places = occurrencesOf(index, group).filter(({ exact }) => exact);
    const next = [...new Set([...group, ...places.flatMap(({ symbols }) => symbols)])];
    if (next.length === group.length) return group;
    group = next;
  }
}

/** Why a name cannot be another: the language gives it its meaning, or nothing writes it. */
function fixedName(group: readonly NamedSymbol[], { exact }: Occurrence): string | undefined {
  const [first] = group;
  if (!exact && first?.kind === "profile")
    return `This names a profile by its type or its token. Rename the \`profile_id\` instead.`;
  const implied = group.find((symbol) => symbol.implied && symbol.kind !== "setting");
  if (implied)
    return `${code(implied.name)} is implied, not declared: declare it under a name of its own first.`;
  const fixed = group.find((symbol) => symbol.fixed || reservedNames[symbol.kind]?.includes(symbol.name));
  if (!fixed) return undefined;
  return `${code(fixed.name)} has a meaning of its own as the name of ${a(fixed.kind)}, and would lose it.`;
}

/** Names that the language looks for, beside those that a profile's type gives a meaning. */
const reservedNames: { readonly [K in SymbolKind]?: readonly string[] } = {
  extract: ["expires_in", "expires_at"],
  setting: ["base_url"],
};

const identifier = {
  pattern: /^[A-Za-z_][A-Za-z0-9_-]*$/,
  words: "a letter or `_`, then letters, digits, `_` and `-`",
};
const anyText = {
  pattern: /^[^\p{Cc}\s](?:[^\p{Cc}]*[^\p{Cc}\s])?$/u,
  words: "text without control characters",
};
const grammars: { readonly [K in SymbolKind]: { readonly pattern: RegExp; readonly words: string } } = {
  operation: { pattern: /^[a-z0-9_]+$/, words: "lower-case letters, digits and `_`" },
  parameter: identifier,
  field: identifier,
  setting: identifier,
  step: identifier,
  extract: identifier,
  "oauth value": identifier,
  profile: anyText,
  chain: anyText,
  limit: anyText,
  scope: anyText,
  schema: { pattern: /^[A-Za-z0-9_.-]+$/, words: "letters, digits, `_`, `.` and `-`" },
};

function illegalName(group: readonly NamedSymbol[], name: string): string | undefined {
  for (const { kind } of group) {
    const { pattern, words } = grammars[kind];
    if (!pattern.test(name)) return `${code(name)} is no name of ${a(kind)}: it takes ${words}.`;
    if (reservedNames[kind]?.includes(name))
      return `${code(name)} has a meaning of its own as the name of ${a(kind)}.`;
  }
  if (name.length > 100) return "A name has at most 100 characters.";
  return isForbiddenName(name) ? `${code(name)} cannot be used as a name.` : undefined;
}

function takenName(
  document: AnalyzedDocument,
  group: readonly NamedSymbol[],
  name: string,
): string | undefined {
  const taken = document
    .symbols()
    .symbols.find(
      (other) =>
        other.name === name && group.some(({ kind, owner }) => kind === other.kind && owner === other.owner),
    );
  return (
    taken &&
    `There is already ${a(taken.kind)} ${code(name)}${taken.owner === undefined ? "" : ` in ${code(taken.owner)}`}.`
  );
}

export function apply(text: string, edits: readonly TextEdit[]): string {
  let result = "";
  let at = 0;
  for (const { span, text: inserted } of [...edits].sort((a, b) => a.span.start - b.span.start)) {
    result += text.slice(at, span.start) + inserted;
    at = span.end;
  }
  return result + text.slice(at);
}

/** Every name must mean what it meant: the same places with the same declarations, and no new finding that is an error. */
function changedMeaning(
  before: Analysis,
  after: Analysis,
  { index }: AnalyzedDocument,
  old: string,
  name: string,
): Refusal | undefined {
  const errors = (analysis: Analysis): number =>
    analysis.diagnostics.filter(({ severity }) => severity === "error").length;
  if (errors(after) > errors(before))
    return {
      refused: `With the name ${code(name)} the descriptor would have an error that it does not have now.`,
    };
  const now = after.documents.find((document) => document.index === index);
  const then = before.documents.find((document) => document.index === index);
  const expected = then ? meanings(then) : [];
  const found = now ? meanings(now) : [];
  const same = expected.length === found.length && expected.every((one, at) => one === found[at]);
  return same
    ? undefined
    : { refused: `${code(name)} already means something else where ${code(old)} is used.` };
}

/** What each place means, by the order of the places and of the declarations, which no renaming changes. */
function meanings(document: AnalyzedDocument): readonly string[] {
  const { symbols, occurrences } = document.symbols();
  const ordered = [...symbols].sort((one, other) => one.span.start - other.span.start);
  const ordinal = new Map(ordered.map((symbol, index) => [symbol, index]));
  return occurrences.map(({ symbols: meant }) =>
    meant
      .map((symbol) => ordinal.get(symbol))
      .sort()
      .join(),
  );
}

function a(kind: SymbolKind): string {
  return `${/^[aeo]/.test(kind) ? "an" : "a"} ${kind === "field" ? "credential field" : kind}`;
}
