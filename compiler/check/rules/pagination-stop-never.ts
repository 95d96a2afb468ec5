import type { Operation, StatusRange } from "../../../schema/ir.ts";
import type { Cursor } from "../../lower/cursor.ts";
import { toJson } from "../../lower/json.ts";
import type { Model } from "../../lower/lower.ts";
import { type Paging, pageParameters, pagings } from "../paging.ts";
import type { Rule } from "../rule.ts";
import { type Answers, answersOf } from "../shape/answer.ts";
import { knownSteps } from "../shape/paths.ts";
import { shapeAt } from "../shape/shape.ts";
import { typeOfValue } from "../shape/types.ts";
import { nounOf } from "../shape/words.ts";

type Report = Parameters<Rule["check"]>[1];

export const paginationStopNever: Rule = {
  id: "pagination/stop-never",
  severity: "warning",
  summary: "A condition for the last page that can never hold.",
  check: (model, report) => {
    const answers = answersOf(model);
    for (const paging of pagings(model)) {
      shortPage(model, paging, report);
      for (const [index, at] of paging.at.at("stop_when").itemsOrSelf().entries()) {
        status(paging, index, at, report);
        value(answers, paging, at, report);
      }
    }
  },
};

/** A short page is one with fewer records than were asked for: nothing is asked for. */
function shortPage({ lowering }: Model, paging: Paging, report: Report): void {
  const { at } = paging;
  if (at.at("stop_on_short_page").boolean() !== true || at.has("page_size")) return;
  if (lowering.lostKey(at.path) || lowering.isBroken([...at.path, "page_size"])) return;
  if (pageParameters(paging).some(({ key, declared }) => key === "limit_param" && declared)) return;
  report({
    path: [...at.path, "stop_on_short_page"],
    message: "No page is ever short: nothing says how many records are asked for.",
    help: "Add `page_size`, and `limit_param` to ask for it.",
  });
}

/** An answer that is no success is an error of its own, before the end of the pages is looked for. */
function status({ lowered }: Paging, index: number, at: Cursor, report: Report): void {
  if (!lowered || lowered.pagination.kind === "none") return;
  const wanted = lowered.pagination.stop_when[index]?.status;
  if (!wanted || wanted.some((range) => isAccepted(range, lowered))) return;
  report({
    path: [...at.path, "status"],
    severity: "error",
    message: `An answer with status ${words(wanted)} is an error here, and never the last page.`,
    label: "never seen",
    help: "Have it taken for a success: `errors: [{ when: { status: … }, action: ignore }]`, or `success_status` of `response`.",
  });
}

function isAccepted(range: StatusRange, { exchange, errors }: Operation): boolean {
  const meets = (other: StatusRange): boolean => range.from <= other.to && other.from <= range.to;
  return (
    exchange.response.success_status.some(meets) ||
    errors.some(({ action, when }) => action === "ignore" && (when.status?.some(meets) ?? true))
  );
}

function words(ranges: readonly StatusRange[]): string {
  return ranges.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(" or ");
}

/** A value that, by its schema, is never what it is compared with. */
function value(answers: Answers, { operation }: Paging, at: Cursor, report: Report): void {
  const json = at.at("json");
  const known = knownSteps(json.at("path").string() ?? "");
  const compared = json.has("equals") ? [json.at("equals")] : json.at("in").items();
  if (!known?.whole || compared.length === 0) return;
  const answer = answers.of(operation);
  const shape = answer && shapeAt(answers.reader, answer.whole, known.steps);
  if (shape?.kind !== "found") return;
  const { types } = shape;
  if (compared.some((one) => types.has(typeOfValue(toJson(one.value()))))) return;
  report({
    path: json.has("equals") ? [...json.path, "equals"] : [...json.path, "in"],
    message: `\`${json.at("path").string()}\` never equals this: by the \`response_schema\` it is ${nounOf(types)}.`,
    help: 'Compare it with a value of its type: `true` and `"true"` are not the same.',
  });
}
