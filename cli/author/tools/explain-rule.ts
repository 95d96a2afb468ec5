import { suggestion } from "../../did-you-mean.ts";
import { explainedRules } from "../../explain/explained-rule.ts";
import { readRulePage } from "../../report/rule-page.ts";
import { text } from "../arguments.ts";
import type { AuthorTool } from "../author-tool.ts";
import { refusal } from "../refuse.ts";

export function explainRule(): AuthorTool {
  return {
    name: "explain_rule",
    title: "Explain a rule",
    description: "What the rule of a finding asks for, why, and an example.",
    effect: "reads",
    properties: { rule: { type: "string", description: "Id of the rule, such as auth/token-url-https." } },
    required: ["rule"],
    run: async (given) => {
      const wanted = text(given, "rule");
      const rules = explainedRules();
      const rule = rules.find(({ id }) => id === wanted);
      if (!rule)
        throw refusal(
          `There is no rule ${wanted.slice(0, 100)}${suggestion(
            wanted,
            rules.map(({ id }) => id),
          )}.`,
          "rule",
        );
      const page = readRulePage(rule.id);
      return { ...rule, prose: page?.prose ?? "", example: page?.example ?? "" };
    },
  };
}
