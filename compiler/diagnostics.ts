import type { Severity } from "../schema/diagnostic.ts";
import type { Entry, ListNode, MapNode, Pointer, Span } from "./read/tree.ts";

/**
 * A finding before it has lines and columns: phases report these, `compile.ts` gives them a file and a range.
 * `at` says which span of `path` is meant (see `spanOf`); `span` overrides it (a template hole, a syntax error).
 */
export interface Finding {
  readonly rule: RuleId;
  readonly path: Pointer;
  readonly at?: "value" | "key" | "missing";
  readonly span?: Span;
  readonly message: string;
  /** A few words for the finding's own span, beside those of `related`. */
  readonly label?: string;
  readonly help?: string;
  /** Text that should stand in the place of the finding's range: a guess, unless `fix` says the same. */
  readonly replace?: string;
  /** The one possible mend; its edits do not overlap. */
  readonly fix?: Mend;
  readonly related?: readonly {
    readonly path: Pointer;
    readonly at?: "value" | "key";
    /** Overrides the span of `path`: a template hole. */
    readonly span?: Span;
    readonly message: string;
  }[];
  /** What takes time to work out: asked for only where the finding is shown. */
  readonly advice?: () => Pick<Finding, "help" | "replace">;
  /** The finding says that a name refers to nothing; where several say so, the declaration may be what is misspelt. */
  readonly misses?: Missed;
  /** Places that the finding speaks of as well: what later phases find there follows from it. */
  readonly covers?: readonly Span[];
  /** What is lacking here; of several places that lack it, and have no near name, one finding speaks. */
  readonly cause?: string;
  /** Unsaid where an error stands within this span: it says the same, or follows from it. */
  readonly yields?: Span;
  /** Only where it differs from the rule's default severity. */
  readonly severity?: Severity;
}

/** A name that refers to nothing, the near name, and where the author declares that. */
export interface Missed {
  readonly name: string;
  readonly meant: string;
  readonly declared: Pointer;
  readonly at: "key" | "value";
}

export type Report = (finding: Finding) => void;

export type RuleId = `${string}/${string}`;

/** A mend before it is text: what it does, in the imperative, and how. */
export interface Mend {
  readonly title: string;
  readonly edits: readonly (TextEdit | LayoutEdit)[];
}

export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}

/** An edit that follows the layout of the text around it; `compiler/fix/layout.ts` makes text edits of it. */
export type LayoutEdit =
  /** Takes an entry or item that is not the first out of its map or list, comments and all. */
  | { readonly kind: "remove-entry"; readonly entry: Entry; readonly from: MapNode }
  | { readonly kind: "remove-item"; readonly index: number; readonly from: ListNode }
  /** Puts an entry at the end of a map, or right behind the entry `after` of it. */
  | {
      readonly kind: "move-entry";
      readonly entry: Entry;
      readonly from: MapNode;
      readonly into: MapNode;
      readonly after?: Entry;
    }
  /** Sets the lines from one entry to another one level deeper. */
  | { readonly kind: "indent-entries"; readonly first: Entry; readonly last: Entry };
