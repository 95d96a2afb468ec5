/** Several places that lack the same thing, which stands nowhere: one finding, at the first, that shows the others. */
import type { Finding, Report } from "./diagnostics.ts";
import { groupBy } from "./lower/find.ts";
import { maxFindings } from "./read/limits.ts";

/** Holds findings of one cause back until all of them are known. */
export interface SameCause {
  /** A report that keeps findings with a `cause`, and hands all others on. */
  hold(report: Report): Report;
  release(): void;
}

interface Held {
  readonly finding: Finding & { readonly cause: string };
  readonly report: Report;
}

export function createSameCause(): SameCause {
  const held: Held[] = [];
  const release = (): void => {
    const all = held.splice(0);
    for (const group of groupBy(all, ({ finding }) => `${finding.rule} ${finding.cause}`).values()) {
      const [first, ...others] = group;
      // A near name makes each of them a slip of its own.
      const isOne = first && others.length > 0 && group.every(({ finding }) => isBare(finding));
      if (isOne) first.report(together(first.finding, others));
      else for (const { finding, report } of group) report(finding);
    }
  };
  return {
    hold: (report) => (finding) => {
      if (!hasCause(finding)) report(finding);
      else held.push({ finding, report });
      // As many places are told each, so that they end the judging of the file, as other findings do.
      if (held.length >= maxFindings) for (const one of held.splice(0)) one.report(one.finding);
    },
    release,
  };
}

function hasCause(finding: Finding): finding is Held["finding"] {
  return finding.cause !== undefined;
}

function isBare({ replace, fix, misses }: Finding): boolean {
  return replace === undefined && fix === undefined && misses === undefined;
}

const mostShown = 3;

function together(first: Finding, others: readonly Held[]): Finding {
  const related = others.slice(0, mostShown).map(({ finding }, index) => {
    const { path, at, span, message } = finding;
    const more = others.length - mostShown;
    const words = message === first.message ? "and here" : message.replace(/\.$/, "");
    return {
      path,
      ...(span ? { span } : {}),
      ...(at === "key" || at === "value" ? { at } : {}),
      message: index === mostShown - 1 && more > 0 ? `${words}; ${more} more are not shown` : words,
    };
  });
  return { ...first, related: [...(first.related ?? []), ...related] };
}
