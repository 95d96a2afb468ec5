import { pagings } from "../paging.ts";
import type { Rule } from "../rule.ts";
import { answersOf, recordsPath } from "../shape/answer.ts";
import { keywords } from "../shape/schema-place.ts";
import { nounOf } from "../shape/words.ts";

export const paginationRecordsType: Rule = {
  id: "pagination/records-type",
  severity: "warning",
  summary: "Pages whose `records_path` leads to something that, by the `response_schema`, is no list.",
  check: (model, report) => {
    const answers = answersOf(model);
    for (const { at, operation, inherited } of pagings(model)) {
      const text = recordsPath(operation.at);
      if (text === undefined) continue;
      const answer = answers.of(operation);
      const records = answer?.records;
      if (!answer?.singular || records?.kind !== "found" || records.types.has("array")) continue;
      // An operation that only inherits its paging may well answer with one record.
      const types = new Set([...records.types].filter((type) => type !== "null"));
      if (types.size === 0 || (inherited && types.has("object"))) continue;
      const places = records.alternatives.flatMap(({ places }) => places);
      const typed = places.find((place) => place.path && keywords(place).type !== undefined);
      const byId = places.some((place) => typeof keywords(place).additionalProperties === "object");
      report({
        path: operation.at.at("response").at("records_path").path,
        ...(types.has("object") ? {} : { severity: "error" as const }),
        message: `Each page would count as one record: by the \`response_schema\`, \`${text}\` is ${nounOf(types)}.`,
        label: `leads to ${nounOf(types)}`,
        help: byId
          ? `\`${text}.*\` takes the values of the map as records.`
          : "Name the list that holds the records.",
        related: [
          ...(typed?.path ? [{ path: [...typed.path, "type"], message: "its type" }] : []),
          { path: at.path, at: "key" as const, message: "read page by page" },
        ],
      });
    }
  },
};
