import type { Rule } from "../rule.ts";
import { answersOf, recordsPath } from "../shape/answer.ts";
import { missingFinding } from "../shape/missing.ts";

export const responseUnknownPath: Rule = {
  id: "response/unknown-path",
  severity: "warning",
  summary: "A `records_path` that the `response_schema` has nothing for.",
  check: ({ declared, lowering }, report) => {
    const answers = answersOf({ lowering });
    for (const operation of declared.operations) {
      if (recordsPath(operation.at) === undefined) continue;
      const records = answers.of(operation)?.records;
      if (records?.kind === "undeclared" || records?.kind === "absent")
        report(missingFinding(operation.at.at("response").at("records_path"), records, false));
    }
  },
};
