/** The names of a descriptor and every place that writes one: what navigation and renaming work on. */
import type { Context } from "../../schema/ir.ts";
import type { Pointer, Span } from "../read/tree.ts";

export type SymbolKind =
  | "operation"
  | "parameter"
  | "profile"
  | "field"
  | "scope"
  | "chain"
  | "step"
  | "extract"
  | "oauth value"
  | "setting"
  | "limit"
  | "schema";

/** One named thing. Two are the same when they are the same object. */
export interface NamedSymbol {
  readonly kind: SymbolKind;
  readonly name: string;
  /** Where the name is given, or what implies it. */
  readonly span: Span;
  readonly path: Pointer;
  /** Nothing declares it: a type brings it, or a URL implies it. */
  readonly implied: boolean;
  /** The thing that it is a part of, such as the operation of a parameter. */
  readonly owner?: string;
  readonly secret?: boolean;
  /** The language looks for this very name. */
  readonly fixed?: boolean;
  readonly description?: string;
}

/**
 * How a name is written at a place, and so how another one would be: a scalar of some style, a part of a template's
 * hole (`{name}` or `{params["name"]}`), a part of a `$ref`.
 */
export type NameForm = "plain" | "single" | "double" | "hole" | "bracket" | "pointer";

/** A place that writes a name. One in a template may mean a field of several profiles. */
export interface Occurrence {
  readonly span: Span;
  readonly symbols: readonly NamedSymbol[];
  readonly role: "declaration" | "reference";
  readonly form: NameForm;
  /** It writes the symbol's own name; a profile that is referred to by its type does not. */
  readonly exact: boolean;
  /** Of a name in a template: where its value goes. */
  readonly use?: NameUse;
}

export interface NameUse {
  readonly context: Context;
  readonly secret: boolean;
  /** The whole hole. */
  readonly hole: Span;
}

export interface SymbolIndex {
  readonly symbols: readonly NamedSymbol[];
  /** In source order. */
  readonly occurrences: readonly Occurrence[];
}

/** The innermost place at an offset that writes a name; the end of a name counts as in it. */
export function occurrenceAt(index: SymbolIndex, offset: number): Occurrence | undefined {
  let best: Occurrence | undefined;
  for (const one of index.occurrences) {
    if (one.span.start > offset) break;
    if (one.span.end < offset) continue;
    if (!best || one.span.end - one.span.start <= best.span.end - best.span.start) best = one;
  }
  return best;
}

/** Every place that writes one of the symbols. */
export function occurrencesOf(index: SymbolIndex, symbols: readonly NamedSymbol[]): readonly Occurrence[] {
  return index.occurrences.filter((one) => one.symbols.some((symbol) => symbols.includes(symbol)));
}
