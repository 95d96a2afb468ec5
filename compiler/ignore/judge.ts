import { closest } from "../../schema/language/spelling.ts";
import { catalog } from "../catalog.ts";
import type { Finding, Report, RuleId } from "../diagnostics.ts";
import { isBlocking } from "../policy.ts";
import type { Directive, Named } from "./directive.ts";
import { type IgnoreRule, ignoreRules } from "./rules.ts";

/** A rule of a comment that there is and that may be ignored. */
export interface IgnoredRule extends Named {
  readonly name: RuleId;
}

/** Reports what is wrong with a comment; answers the rules that it hides all the same. */
export function judgeDirective(directive: Directive, report: Report): readonly IgnoredRule[] {
  const misplaced = syntaxProblem(directive);
  if (misplaced) {
    report(misplaced);
    return [];
  }
  // A comment that hides nothing needs no reason.
  const rules = directive.rules.filter((rule): rule is IgnoredRule => isIgnorable(rule, report));
  if (directive.reason === "" && rules.length > 0) report(noReason(directive));
  return rules;
}

function syntaxProblem({ scope, word, rules, comment }: Directive): Finding | undefined {
  if (scope === undefined) {
    const help =
      "Write `# connector-ignore RULE: reason` at the end of the line, or on a line of its own above it; `connector-ignore-file` for the whole file.";
    const message = `There is no \`${word.name}\` comment.`;
    const replace = word.name.endsWith("-file") ? "connector-ignore-file" : "connector-ignore";
    return { ...finding("ignore/syntax", word, message, help), replace };
  }
  if (rules.length === 0)
    return finding(
      "ignore/syntax",
      word,
      "This comment does not say which rule it is about.",
      `Write \`# ${word.name} RULE: reason\`, with the rule as the finding names it.`,
    );
  if (scope === "file" && (comment.after || !comment.top))
    return finding(
      "ignore/syntax",
      word,
      "A comment for the whole file stands above its content.",
      "Move it to the top of the file, or write `connector-ignore` for one line.",
    );
  return undefined;
}

function isIgnorable(rule: Named, report: Report): rule is IgnoredRule {
  const { name } = rule;
  if (!Object.hasOwn(catalog, name)) {
    const near = closest(name, Object.keys(catalog));
    const help = near === undefined ? "Write the rule as the finding names it." : `Did you mean \`${near}\`?`;
    report({
      ...finding("ignore/unknown-rule", rule, `There is no rule \`${name}\`.`, help),
      ...(near === undefined ? {} : { replace: near }),
    });
    return false;
  }
  if (Object.hasOwn(ignoreRules, name)) {
    const message = `\`${name}\` is about comments such as this one, and is not ignored by another.`;
    report(
      finding(
        "ignore/blocking",
        rule,
        message,
        "Mend the other comment, or set the rule in connector.config.yaml.",
      ),
    );
    return false;
  }
  // Every id of the catalog has this form.
  if (!isBlocking(name as RuleId)) return true;
  const message = `\`${name}\` cannot be ignored: what it finds leaves nothing that could be compiled.`;
  report(finding("ignore/blocking", rule, message, "Remove the comment, and mend what the rule finds."));
  return false;
}

function noReason({ comment, rules }: Directive): Finding {
  const last = rules.at(-1)?.end ?? comment.end;
  const said = comment.text.slice(last - comment.start).trim();
  return finding(
    "ignore/no-reason",
    { start: comment.start, end: comment.start + comment.text.trimEnd().length },
    "This comment gives no reason.",
    said === "" || said === ":"
      ? "Write a colon and the reason behind the rule: someone will ask."
      : "Write a colon between the rule and the reason.",
  );
}

function finding(
  rule: IgnoreRule,
  { start, end }: { readonly start: number; readonly end: number },
  message: string,
  help: string,
): Finding {
  return { rule, path: [], span: { start, end }, message, help };
}
