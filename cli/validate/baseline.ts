/** One baseline during one run: which findings it hides, which are gone, what it becomes. */
import { existsSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import type { RuleId } from "../../compiler/diagnostics.ts";
import { isBlocking } from "../../compiler/policy.ts";
import { createStablePaths } from "../../compiler/stable-path.ts";
import type { Diagnostic, Suppressed } from "../../schema/diagnostic.ts";
import type { FileReport } from "../report/reporter.ts";
import { type KnownFinding, keyOf } from "./baseline-file.ts";

export interface Baseline {
  /** The report without what the baseline lists; `slug` where one document of the file was asked for. */
  hide(report: FileReport, slug?: string): FileReport;
  /** What the baseline lists of the files that were checked, or that are no more, and was not found. */
  gone(): readonly KnownFinding[];
  /** What the baseline should list: what was found, and what it lists of files that were not checked. */
  renewed(): readonly KnownFinding[];
  /** How many errors were found that no baseline may hide. */
  blocking(): number;
}

/** `takesAll` hides every finding that a baseline may hide, known or not. */
export function createBaseline(
  path: string,
  known: readonly KnownFinding[],
  takesAll: boolean,
  cwd: string,
): Baseline {
  const folder = dirname(path);
  const left = new Map(known.map((finding) => [keyOf(finding), finding.count ?? 1]));
  const seen = new Map<string, KnownFinding>();
  let blocking = 0;
  const checked: { readonly file: string; readonly document: string | undefined }[] = [];
  const wasChecked = ({ file, document }: KnownFinding): boolean =>
    checked.some((one) => one.file === file && (one.document === undefined || one.document === document));
  const isNoMore = ({ file }: KnownFinding): boolean => file !== "-" && !existsSync(resolve(folder, file));
  return {
    hide(report, slug) {
      const file = report.name === "-" ? "-" : slashed(relative(folder, resolve(cwd, report.name)));
      // What cannot be compiled hides other findings from us: nothing is said to be gone from such a file.
      if (!report.diagnostics.some(({ rule }) => isBlocking(asRuleId(rule))))
        checked.push({ file, document: slug });
      const hidden: Suppressed[] = [];
      const shown: Diagnostic[] = [];
      const describe = createDescriber(file, report);
      for (const diagnostic of report.diagnostics) {
        const finding = isBlocking(asRuleId(diagnostic.rule)) ? undefined : describe(diagnostic);
        if (finding && takes(finding)) hidden.push({ diagnostic, by: "baseline" });
        else {
          shown.push(diagnostic);
          if (!finding) blocking += 1;
        }
      }
      return { ...report, diagnostics: shown, suppressed: [...(report.suppressed ?? []), ...hidden] };
    },
    gone: () =>
      known.filter(
        (finding) => (left.get(keyOf(finding)) ?? 0) > 0 && (wasChecked(finding) || isNoMore(finding)),
      ),
    renewed: () => {
      const kept = known.filter(
        (finding) => !seen.has(keyOf(finding)) && !wasChecked(finding) && !isNoMore(finding),
      );
      return [...seen.values(), ...kept];
    },
    blocking: () => blocking,
  };

  function takes(finding: KnownFinding): boolean {
    const key = keyOf(finding);
    const before = seen.get(key);
    seen.set(key, before ? { ...before, count: (before.count ?? 1) + 1 } : finding);
    const count = left.get(key) ?? 0;
    if (count > 0) left.set(key, count - 1);
    return takesAll || count > 0;
  }
}

function createDescriber(file: string, { name, text }: FileReport): (diagnostic: Diagnostic) => KnownFinding {
  const places = createStablePaths(text, name.toLowerCase().endsWith(".json") ? "json" : "yaml");
  return ({ document, rule, path, message }) => {
    const slug = places.document(document);
    return {
      file,
      ...(slug === undefined ? {} : { document: slug }),
      rule,
      at: places.path(document, path),
      message,
    };
  };
}

/** Diagnostics are of the compiler, which knows no other rules. */
function asRuleId(rule: string): RuleId {
  return rule as RuleId;
}

function slashed(path: string): string {
  return path.split(sep).join("/");
}
