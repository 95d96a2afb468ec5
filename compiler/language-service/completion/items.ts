/** What a completion offers, before it has the shape of a protocol. */
import type { Span } from "../../read/tree.ts";

export type ItemKind = "key" | "value" | "reference" | "variable" | "function" | "item";

export interface CompletionItem {
  readonly label: string;
  readonly kind: ItemKind;
  readonly span: Span;
  /** What stands in the span's place; with `snippet`, in the syntax of editor snippets. */
  readonly insert: string;
  readonly snippet: boolean;
  /** What the editor holds against the typed text, where it is not the label. */
  readonly filter?: string;
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
  /** Orders items; the label does where two are equal. */
  readonly rank: number;
}

/** Text as a snippet has it. */
export function literal(text: string): string {
  return text.replace(/[\\$}]/g, "\\$&");
}

/** A snippet without its stops: each becomes its first choice or its placeholder. */
export function withoutStops(snippet: string): string {
  return snippet
    .replace(/\$\{\d+\|((?:\\.|[^,|\\])*)[^}]*\|\}/g, "$1")
    .replace(/\$\{\d+:((?:\\.|[^}\\])*)\}/g, "$1")
    .replace(/(?<!\\)\$\d+/g, "")
    .replace(/\\([\\$},|])/g, "$1");
}
