import type { Severity } from "../schema/diagnostic.ts";
import type { Pointer, Span } from "./read/tree.ts";

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
  readonly help?: string;
  /** Text that should stand in the place of the finding's range. */
  readonly replace?: string;
  readonly related?: readonly {
    readonly path: Pointer;
    readonly at?: "value" | "key";
    readonly message: string;
  }[];
  /** Only where it differs from the rule's default severity. */
  readonly severity?: Severity;
}

export type Report = (finding: Finding) => void;

export type RuleId = `${string}/${string}`;
