import { suggestion } from "../did-you-mean.ts";
import { diffRules, diffRulesJson, diffRulesText } from "../explain/diff-rules.ts";
import { ruleList, rulePageText } from "../explain/explain-text.ts";
import { areaOf, type ExplainedRule, explainedRules } from "../explain/explained-rule.ts";
import { CommandFailure } from "../failure.ts";
import { jsonText } from "../report/escape.ts";
import { readRulePage } from "../report/rule-page.ts";
import { createStyle } from "../report/style.ts";
import { type ExitCode, type World, wantsColor } from "../world.ts";

/** `connector explain`: the page of a rule, or the rules of an area, or all of them; of `diff`, its kinds of change. */
export async function explainCommand(
  wanted: string | undefined,
  format: "pretty" | "json",
  world: World,
): Promise<ExitCode> {
  const changes = wanted?.startsWith("diff") ? diffRules(wanted) : [];
  if (changes.length > 0) {
    const style = createStyle(wantsColor(world.stdout, world.env));
    await world.stdout.write(format === "json" ? diffRulesJson(changes) : diffRulesText(changes, style));
    return 0;
  }
  const rules = explainedRules();
  const rule = rules.find(({ id }) => id === wanted);
  await world.stdout.write(
    rule ? onePage(rule, format, world) : manyRules(select(rules, wanted), format, world),
  );
  return 0;
}

function onePage(rule: ExplainedRule, format: "pretty" | "json", world: World): string {
  const page = readRulePage(rule.id);
  return format === "json"
    ? `${jsonText({ ...rule, prose: page?.prose ?? "", example: page?.example ?? "" }, 2)}\n`
    : rulePageText(rule, page, createStyle(wantsColor(world.stdout, world.env)));
}

function manyRules(rules: readonly ExplainedRule[], format: "pretty" | "json", world: World): string {
  return format === "json"
    ? `${jsonText({ rules }, 2)}\n`
    : ruleList(rules, createStyle(wantsColor(world.stdout, world.env)));
}

/** The rules of an area, or all; a rule that there is not is told apart from an area that there is not. */
function select(rules: readonly ExplainedRule[], wanted: string | undefined): readonly ExplainedRule[] {
  if (wanted === undefined) return rules;
  const found = rules.filter(({ id }) => areaOf(id) === wanted);
  if (found.length > 0) return found;
  const ids = rules.map(({ id }) => id);
  const known = wanted.includes("/") ? ids : [...new Set(ids.map(areaOf)), ...ids];
  const what = wanted.includes("/") ? "rule" : "rule or area";
  throw new CommandFailure(
    `there is no ${what} ${wanted}${suggestion(wanted, known)}; connector explain lists them`,
  );
}
