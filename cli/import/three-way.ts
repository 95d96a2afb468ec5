/** A newer text and an author's edits, both made from one base, put together line by line. */
import { diffArrays } from "diff";

/** Lines that both changed, each in its own way; the author's stay. */
export interface Conflict {
  /** Line in the merged text, from 1. */
  readonly line: number;
  readonly mine: readonly string[];
  readonly theirs: readonly string[];
}

export interface Merged {
  readonly text: string;
  readonly conflicts: readonly Conflict[];
}

/** Lines `start` up to `end` of the base, and what stands in their place. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

/**
 * What only one side changed comes from that side; what both changed alike comes once. Where both put lines in at one place,
 * `both` takes the author's and then the newer ones; else that is a conflict.
 */
export function mergeTexts(base: string, mine: string, theirs: string, both: boolean): Merged {
  if (base === theirs) return { text: mine, conflicts: [] };
  const from = linesOf(base);
  const ours = editsOf(from, linesOf(mine));
  const news = editsOf(from, linesOf(theirs));
  const out: string[] = [];
  const conflicts: Conflict[] = [];
  let at = 0;
  for (let cluster = nextCluster(ours, news, both); cluster; cluster = nextCluster(ours, news, both)) {
    out.push(...from.slice(at, cluster.start));
    at = cluster.end;
    const own = applied(from, cluster, cluster.mine);
    const other = applied(from, cluster, cluster.theirs);
    const isSame = own.length === other.length && own.every((line, index) => line === other[index]);
    if (cluster.mine.length > 0 && cluster.theirs.length > 0 && !isSame)
      conflicts.push({ line: out.length + 1, mine: own, theirs: other });
    out.push(...(cluster.mine.length > 0 ? own : other));
  }
  out.push(...from.slice(at));
  return { text: out.join("\n"), conflicts };
}

function linesOf(text: string): readonly string[] {
  return text.replaceAll("\r\n", "\n").split("\n");
}

function editsOf(base: readonly string[], other: readonly string[]): Edit[] {
  const edits: Edit[] = [];
  let at = 0;
  let open: { start: number; end: number; lines: string[] } | undefined;
  for (const { added, removed, value } of diffArrays([...base], [...other])) {
    if (!added && !removed) {
      if (open) edits.push(open);
      open = undefined;
      at += value.length;
      continue;
    }
    open ??= { start: at, end: at, lines: [] };
    if (added) open.lines.push(...value);
    else {
      at += value.length;
      open.end = at;
    }
  }
  return open ? [...edits, open] : edits;
}

interface Cluster {
  readonly start: number;
  readonly end: number;
  readonly mine: readonly Edit[];
  readonly theirs: readonly Edit[];
}

/** Takes the first edit of either side, and all that overlap it or each other. */
function nextCluster(ours: Edit[], news: Edit[], both: boolean): Cluster | undefined {
  const isOurs = ours[0] !== undefined && (news[0] === undefined || isBefore(ours[0], news[0]));
  const first = isOurs ? ours.shift() : news.shift();
  if (!first) return undefined;
  const mine: Edit[] = isOurs ? [first] : [];
  const theirs: Edit[] = isOurs ? [] : [first];
  const { start } = first;
  let { end } = first;
  for (;;) {
    const isPoint = start === end;
    const touches = (edit: Edit | undefined): boolean =>
      edit !== undefined &&
      (edit.start < end || (isPoint && edit.start === start && edit.end === edit.start && !both));
    const next = touches(ours[0]) ? ours : touches(news[0]) ? news : undefined;
    const edit = next?.shift();
    if (!edit) return { start, end, mine, theirs };
    (next === ours ? mine : theirs).push(edit);
    end = Math.max(end, edit.end);
  }
}

/** At one place the author's lines come first, and what is put in comes before what replaces. */
function isBefore(a: Edit, b: Edit): boolean {
  return a.start < b.start || (a.start === b.start && (a.end === a.start || b.end !== b.start));
}

function applied(
  base: readonly string[],
  { start, end }: Cluster,
  edits: readonly Edit[],
): readonly string[] {
  const out: string[] = [];
  let at = start;
  for (const edit of edits) {
    out.push(...base.slice(at, edit.start), ...edit.lines);
    at = edit.end;
  }
  return [...out, ...base.slice(at, end)];
}
