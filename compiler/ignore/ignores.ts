/** `# connector-ignore` comments of one text: what they hide, and what is wrong with them. */
import type { Finding, Report, RuleId } from "../diagnostics.ts";
import { maxFindings } from "../read/limits.ts";
import type { LineMap } from "../read/lines.ts";
import { readComments } from "../read/yaml-comments.ts";
import { type Directive, marker, readDirective } from "./directive.ts";
import { type IgnoredRule, judgeDirective } from "./judge.ts";
import { unused } from "./unused.ts";

export interface Ignores {
  /** Whether any comment is about a rule: most rules need not be looked at closer. */
  mayHide(rule: RuleId): boolean;
  /** The reason for which a finding on a line is hidden; undefined where it is not. Whoever asks has a finding. */
  reasonFor(rule: string, line: number): string | undefined;
  /** Reports comments that cannot be obeyed. */
  reportProblems(report: (offset: number) => Report): void;
  /** Reports comments under which nothing was found, once everything was; `applies` tells rules that are on. */
  reportUnused(report: (offset: number) => Report, applies: (rule: RuleId) => boolean): void;
}

/** Reads the comments; undefined where there are none, at no cost. */
export function readIgnores(text: string, lines: LineMap): Ignores | undefined {
  if (!text.includes(marker)) return undefined;
  const ignored: Ignored[] = [];
  const problems: { readonly offset: number; readonly finding: Finding }[] = [];
  for (const comment of readComments(text, marker)) {
    // More errors than are shown: what else the comments say does not matter any more.
    if (problems.length >= maxFindings) break;
    const directive = readDirective(comment);
    if (!directive) continue;
    const rules = judgeDirective(directive, (finding) => problems.push({ offset: comment.start, finding }));
    ignored.push(...rules.map((rule) => ({ directive, rule, used: false })));
  }
  if (ignored.length === 0 && problems.length === 0) return undefined;
  const index = createIndex(ignored, lines);
  return {
    mayHide: (rule) => index.has(rule),
    reasonFor(rule, line) {
      const found = [index.get(rule)?.get(line), index.get(rule)?.get(everyLine)];
      for (const place of found) use(place);
      return (found[0] ?? found[1])?.reason;
    },
    reportProblems(reportAt) {
      for (const { offset, finding } of problems) reportAt(offset)(finding);
    },
    reportUnused(reportAt, applies) {
      // What lacks its reason was told already.
      for (const one of ignored)
        if (!one.used && one.directive.reason !== "" && applies(one.rule.name))
          reportAt(one.rule.start)(unused(one, text));
    },
  };
}

/** One rule of a comment. */
interface Ignored {
  readonly directive: Directive;
  readonly rule: IgnoredRule;
  used: boolean;
}

/** The comments that hide a rule on one line. They are marked as used at its first finding, and not again. */
interface Place {
  readonly reason: string;
  readonly all: Ignored[];
  used: boolean;
}

/** Stands for all lines of the file. */
const everyLine = 0;

/** By rule and line, so that many comments and many findings do not multiply. */
function createIndex(
  ignored: readonly Ignored[],
  lines: LineMap,
): ReadonlyMap<string, ReadonlyMap<number, Place>> {
  const index = new Map<string, Map<number, Place>>();
  for (const one of ignored) {
    const places = index.get(one.rule.name) ?? new Map<number, Place>();
    index.set(one.rule.name, places);
    const [from, to] = coveredLines(one.directive, lines);
    for (let line = from; line <= to; line++) {
      const place = places.get(line);
      if (place) place.all.push(one);
      else places.set(line, { reason: one.directive.reason, all: [one], used: false });
    }
  }
  return index;
}

/** First and last line; an empty range where nothing follows. */
function coveredLines({ comment, scope }: Directive, lines: LineMap): readonly [number, number] {
  if (scope === "file") return [everyLine, everyLine];
  const lineOf = (offset: number): number => lines.position(offset).line;
  if (comment.after) return [lineOf(comment.after.start), lineOf(comment.start)];
  return comment.next === undefined ? [1, 0] : [lineOf(comment.next), lineOf(comment.next)];
}

function use(place: Place | undefined): void {
  if (!place || place.used) return;
  place.used = true;
  for (const one of place.all) one.used = true;
}
