/** Markdown in two heaps: what stands in code, and all the rest (CommonMark 0.31, sections 4.5 and 6.1). */
export interface ParsedMarkdown {
  readonly code: readonly string[];
  readonly rest: string;
}

export function parseMarkdown(text: string): ParsedMarkdown {
  const code: string[] = [];
  const rest: string[] = [];
  let fence: string | undefined;
  for (const line of text.split("\n")) {
    const run = /^\s*(`{3,})[^`]*$/.exec(line)?.[1];
    if (fence !== undefined) {
      if (run !== undefined && run.length >= fence.length && line.trim() === run) fence = undefined;
      else code.push(line.trimStart());
    } else if (run !== undefined) {
      fence = run;
      rest.push(line.replaceAll("`", ""));
    } else rest.push(withoutSpans(line, code));
  }
  return { code, rest: rest.join("\n") };
}

function withoutSpans(line: string, code: string[]): string {
  let rest = "";
  let at = 0;
  while (at < line.length) {
    const opening = /`+/y;
    opening.lastIndex = at;
    const run = opening.exec(line)?.[0];
    if (run === undefined) {
      rest += line[at];
      at += 1;
      continue;
    }
    const close = closingRun(line, at + run.length, run.length);
    if (close === undefined) {
      rest += run;
      at += run.length;
      continue;
    }
    const inside = line.slice(at + run.length, close);
    code.push(/^ .* $/.test(inside) && /[^ ]/.test(inside) ? inside.slice(1, -1) : inside);
    at = close + run.length;
  }
  return rest;
}

function closingRun(line: string, from: number, length: number): number | undefined {
  for (const match of line.slice(from).matchAll(/`+/g))
    if (match[0].length === length) return from + match.index;
  return undefined;
}
