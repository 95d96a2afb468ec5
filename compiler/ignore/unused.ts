import type { Finding, Mend } from "../diagnostics.ts";
import type { Span } from "../read/tree.ts";
import type { Directive, Named } from "./directive.ts";

/** The finding about a rule that a comment hides where nothing is found; its mend takes the rule away. */
export function unused(
  { directive, rule }: { readonly directive: Directive; readonly rule: Named },
  text: string,
): Finding {
  const { comment, scope } = directive;
  const where =
    scope === "file" ? "in this file" : comment.after ? "on this line" : "on the line below the comment";
  return {
    rule: "ignore/unused",
    path: [],
    span: { start: rule.start, end: rule.end },
    message: `\`${rule.name}\` finds nothing ${where}.`,
    help: "Remove it: what it hid is mended, or stands on another line.",
    fix: removal(directive, rule, text),
  };
}

function removal({ comment, rules }: Directive, rule: Named, text: string): Mend {
  if (rules.length > 1)
    return {
      title: `Remove \`${rule.name}\` from the comment`,
      edits: [{ span: listed(rules, rule), text: "" }],
    };
  const span = comment.after ? trailing(comment, text) : wholeLine(comment, text);
  return { title: "Remove the comment", edits: [{ span, text: "" }] };
}

/** A rule with the comma that goes with it. */
function listed(rules: readonly Named[], rule: Named): Span {
  const index = rules.indexOf(rule);
  const before = rules[index - 1];
  const next = rules[index + 1];
  if (before) return { start: before.end, end: rule.end };
  return { start: rule.start, end: next?.start ?? rule.end };
}

/** A comment with the blanks before it. */
function trailing({ start, end }: Span, text: string): Span {
  let from = start;
  while (/[ \t]/.test(text[from - 1] ?? "")) from--;
  return { start: from, end };
}

/** A line with the break that ends it. */
function wholeLine(comment: Span, text: string): Span {
  const { start } = trailing(comment, text);
  const lineBreak = /^(?:\r\n|\n|\r)/.exec(text.slice(comment.end, comment.end + 2))?.[0] ?? "";
  return { start, end: comment.end + lineBreak.length };
}
