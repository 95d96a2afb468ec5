/** Bounds on a descriptor's text. Beyond them it is refused with a finding before anything costly happens. */
export const maxDepth = 200;
export const maxYamlBytes: number = 2 * 1024 * 1024;
export const maxJsonBytes: number = 16 * 1024 * 1024;
/** Errors of one file after which the rest of it is not judged; as many warnings and hints are kept. */
export const maxFindings = 1000;

/** Thrown by whoever keeps findings, once there are `maxFindings` errors; it never leaves `compileText`. */
export class TooManyFindings {}

/** Tokens of YAML that is not plain (see `plain/reader.ts`), whose parser is slow: beyond them the file is too large. */
export const maxWholeTokens = 150_000;

/** Nodes that aliases may stand for in all, counted as if each were written out. */
export const maxAliasedNodes = 100_000;
