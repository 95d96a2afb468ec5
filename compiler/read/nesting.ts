import { maxDepth } from "./limits.ts";

/**
 * Offset at which the nesting passes the limit, without parsing: the parser's own recursion must not be reached.
 * Flow brackets are counted outside quotes; block nesting by indentation and by `- ` and `? ` prefixes.
 */
export function findTooDeep(text: string): number | undefined {
  let flow = 0;
  const indents: number[] = [];
  for (let start = 0; start < text.length; ) {
    let end = text.indexOf("\n", start);
    if (end < 0) end = text.length;
    let at = start;
    while (text[at] === " ") at++;
    if (at < end && text[at] !== "#") {
      const column = at - start;
      while (indents.length > 0 && (indents.at(-1) ?? 0) >= column) indents.pop();
      indents.push(column);
      if (column === 0 && /[A-Za-z]/.test(text[at] ?? "")) flow = 0;
    }
    let compact = 0;
    while ((text[at] === "-" || text[at] === "?") && text[at + 1] === " ") {
      compact++;
      at += 2;
      while (text[at] === " ") at++;
      if (indents.length + compact > maxDepth) return at;
    }
    for (; at < end; at++) {
      const char = text[at];
      if (char === "[" || char === "{") flow++;
      else if ((char === "]" || char === "}") && flow > 0) flow--;
      if (flow + indents.length > maxDepth) return at;
    }
    start = end + 1;
  }
  return undefined;
}
