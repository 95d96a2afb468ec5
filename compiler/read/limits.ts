/** Bounds on a descriptor's text. Beyond them it is refused with a finding before anything costly happens. */
export const maxDepth = 200;
export const maxYamlBytes: number = 2 * 1024 * 1024;
export const maxJsonBytes: number = 16 * 1024 * 1024;
/** Nodes that aliases may stand for in all, counted as if each were written out. */
export const maxAliasedNodes = 100_000;
