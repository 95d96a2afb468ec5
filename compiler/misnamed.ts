/** Several places that name the same missing thing, beside a declaration that none names: the slip is the declaration's. */
import type { Finding, Missed, Report } from "./diagnostics.ts";
import { groupBy } from "./lower/find.ts";
import { maxFindings } from "./read/limits.ts";
import { entry, type Node, nodeAt, type Span, spanOf } from "./read/tree.ts";
import { isForPeople } from "./validate/our-texts.ts";
import { asWritten, inStyle } from "./validate/words.ts";

/** Holds findings about missing names back until all of them are known. */
export interface Misnamed {
  /** A report that keeps such findings, and hands all others on. */
  hold(report: Report): Report;
  /** Reports what was held: one finding at a declaration that is at fault, the others where they were found. */
  release(): void;
}

/** Several make one finding, but no more than these are kept at a time; what follows is told by itself. */
const mostHeld = 20 * maxFindings;

interface Held {
  readonly finding: Finding & { readonly misses: Missed };
  readonly report: Report;
}

/** `root` is the tree of `text` as the author wrote it. */
export function createMisnamed(text: string, root: Node): Misnamed {
  const held: Held[] = [];
  const release = (): void => {
    for (const group of groupsOf(held.splice(0), text, root)) tell(group, root);
  };
  return {
    hold: (report) => (finding) => {
      if (!isMiss(finding)) report(finding);
      else held.push({ finding, report });
      if (held.length >= mostHeld) release();
    },
    release,
  };
}

/** What a type or a list brings along is declared by no name of the author's. */
function isDeclared({ declared, meant, at }: Missed, root: Node): boolean {
  if (at === "key") return declared.at(-1) === meant;
  const node = nodeAt(root, declared);
  return node?.kind === "scalar" && node.value === meant;
}

function isMiss(finding: Finding): finding is Held["finding"] {
  return finding.misses !== undefined;
}

/** Findings that are told as one, and those that stand alone. */
function groupsOf(held: readonly Held[], text: string, root: Node): readonly (readonly Held[])[] {
  // By its place in the text: what stands at an anchor is declared once, whoever takes it over.
  const groups = groupBy(held, ({ finding: { misses } }) => {
    const { start } = spanOf(root, misses.declared, misses.at);
    return `${start} ${misses.name}`;
  });
  const several = [...groups.values()].filter(
    (group) => group.length > 1 && group[0] && isDeclared(group[0].finding.misses, root),
  );
  const meant = new Set(several.flatMap(([one]) => one?.finding.misses.meant ?? []));
  // Where the declared name stands anywhere else, in a comment even, it may be the right one; words for people are none.
  const written = countWords(text, meant);
  if (meant.size > 0)
    for (const [word, count] of countWords(proseOf(root), meant))
      written.set(word, (written.get(word) ?? 0) - count);
  const candidates = new Set(several);
  const isOne = (group: readonly Held[]): boolean =>
    candidates.has(group) && written.get(group[0]?.finding.misses.meant ?? "") === 1;
  return [...groups.values()].flatMap((group) => (isOne(group) ? [group] : group.map((one) => [one])));
}

/** How often each of the words stands in a text. */
function countWords(text: string, words: ReadonlySet<string>): Map<string, number> {
  const counts = new Map<string, number>();
  if (words.size > 0)
    for (const [word] of text.matchAll(/[\w-]+/g))
      if (words.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Labels, summaries and descriptions, a line each. What stands at an anchor is written once. */
function proseOf(root: Node): string {
  const seen = new Set<Node>();
  const found: string[] = [];
  const visit = (node: Node, key: string): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (node.kind === "map") for (const { key: name, value } of node.entries) visit(value, name);
    else if (node.kind === "list") for (const item of node.items) visit(item, "");
    else if (typeof node.value === "string" && isForPeople([key])) found.push(node.value);
  };
  visit(root, "");
  return found.join("\n");
}

function tell(group: readonly Held[], root: Node): void {
  const [first] = group;
  if (!first) return;
  const places = distinct(group, root);
  if (places.length < 2) for (const { finding, report } of group) report(finding);
  else {
    const isError = group.some(({ finding }) => finding.severity === "error");
    first.report(atDeclaration(first.finding, places, root, isError));
  }
}

/** Where the findings stand; a text that is read for several operations is one place. */
function distinct(group: readonly Held[], root: Node): readonly Span[] {
  const spans = group.map(({ finding }) => finding.span ?? spanOf(root, finding.path, finding.at));
  return [...new Map(spans.map((span) => [`${span.start} ${span.end}`, span])).values()];
}

const mostShown = 3;

function atDeclaration(
  { rule, path, misses }: Held["finding"],
  places: readonly Span[],
  root: Node,
  isError: boolean,
): Finding {
  const { name, meant, declared, at } = misses;
  const replace = replacement(misses, root);
  return {
    rule,
    path: declared,
    at,
    message: `Nothing refers to \`${meant}\`, but ${places.length} places refer to \`${name}\`, which is not known there.`,
    label: "no place refers to it",
    help: `Did you mean \`${name}\` here?`,
    ...(replace === undefined ? {} : { replace }),
    ...(isError ? { severity: "error" } : {}),
    related: places.slice(0, mostShown).map((span, index) => ({
      path,
      span,
      message:
        index === mostShown - 1 && places.length > mostShown
          ? `and here; ${places.length - mostShown} more are not shown`
          : `\`${name}\` is referred to here`,
    })),
    covers: places,
  };
}

/** The name that the places say, in the style of the declaration. */
function replacement({ name, meant, declared, at }: Missed, root: Node): string | undefined {
  if (at === "key") {
    const keySpan = entry(nodeAt(root, declared.slice(0, -1)), meant)?.keySpan;
    return keySpan && asWritten(name, meant, keySpan);
  }
  const node = nodeAt(root, declared);
  return node?.kind === "scalar" && node.style !== "block" ? inStyle(name, node) : undefined;
}
