/**
 * Findings as data: what `validate` and `compile` report. Positions are 1-based, columns count UTF-16
 * units, `end` is exclusive. This is also the shape that `connector validate --format json` prints.
 */
export type Severity = "error" | "warning" | "info";

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** A second place that explains the finding, such as the definition at the other end of a reference. */
export interface Related {
  readonly file: string;
  readonly message: string;
  readonly range: Range;
}

/** A replacement that may mend the finding; `text` replaces the source in `range`. */
export interface Suggestion {
  readonly text: string;
  readonly range: Range;
}

/**
 * The mend of a finding where only one is possible: what `connector validate --fix` does. Edits do not overlap;
 * `range` refers to the text as it was read, an empty one inserts.
 */
export interface Fix {
  /** What the mend does, in the imperative, such as "Rename `url` to `endpoint`". */
  readonly title: string;
  readonly edits: readonly Suggestion[];
}

export interface Diagnostic {
  /** Path as the caller named it; `-` for standard input. */
  readonly file: string;
  /** Index of the YAML document in its file, from 0. */
  readonly document: number;
  /** Stable rule id, `area/kebab-name`. */
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** JSON Pointer (RFC 6901) of the offending value in its document. */
  readonly path: string;
  readonly range: Range;
  /** A few words on `range` itself, where `related` places have theirs: "sent here", "used here". */
  readonly label?: string;
  readonly help?: string;
  readonly suggestion?: Suggestion;
  readonly fix?: Fix;
  readonly related?: readonly Related[];
}

/** A finding that its author or its project has accepted: it is kept apart, and fails nothing. */
export interface Suppressed {
  readonly diagnostic: Diagnostic;
  /** `inline`: by a `# connector-ignore` comment; `baseline`: by the list that `--baseline` names. */
  readonly by: "inline" | "baseline";
  /** Why, in the author's words; a baseline gives no reason. */
  readonly reason?: string;
}
