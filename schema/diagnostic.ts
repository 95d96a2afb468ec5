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

/** A replacement that would mend the finding; `text` replaces the source in `range`. */
export interface Suggestion {
  readonly text: string;
  readonly range: Range;
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
  readonly help?: string;
  readonly suggestion?: Suggestion;
  readonly related?: readonly Related[];
}
