/** What every answer of the language service is made from: one text, judged, with the trees and names that it holds. */
import type { Diagnostic } from "../../schema/diagnostic.ts";
import { type CompileOptions, compileText } from "../compile.ts";
import type { Model } from "../lower/lower.ts";
import type { TextFormat } from "../read/read.ts";
import type { Node } from "../read/tree.ts";
import { type Offsets, offsetsOf } from "./offsets.ts";
import { indexSymbols } from "./symbol-index.ts";
import type { SymbolIndex } from "./symbols.ts";

export interface Analysis {
  readonly text: string;
  readonly offsets: Offsets;
  readonly format: TextFormat;
  readonly diagnostics: readonly Diagnostic[];
  /** The descriptors of the text that could be read; none after a syntax error. */
  readonly documents: readonly AnalyzedDocument[];
}

export interface AnalyzedDocument {
  readonly index: number;
  /** As the author wrote it. */
  readonly root: Node;
  readonly model: Model;
  /** Made when first asked for: diagnostics do without. */
  symbols(): SymbolIndex;
}

/** Judges a text and keeps what it was read as. */
export async function analyze(text: string, options: CompileOptions = {}): Promise<Analysis> {
  const documents: AnalyzedDocument[] = [];
  const compilation = await compileText(text, options, ({ index, root }, model) => {
    documents.push(analyzed(index, root, model));
  });
  const { diagnostics } = compilation;
  return { text, offsets: offsetsOf(text), format: options.format ?? "yaml", diagnostics, documents };
}

export function analyzed(index: number, root: Node, model: Model): AnalyzedDocument {
  let symbols: SymbolIndex | undefined;
  return {
    index,
    root,
    model,
    symbols: () => {
      symbols ??= indexSymbols(model);
      return symbols;
    },
  };
}

/** The document that an offset stands in: of several in a file, the last that begins before it. */
export function documentAt(analysis: Analysis, offset: number): AnalyzedDocument | undefined {
  const before = analysis.documents.filter(({ root }) => root.span.start <= offset);
  return before.at(-1) ?? analysis.documents[0];
}
