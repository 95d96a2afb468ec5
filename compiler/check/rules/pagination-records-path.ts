import type { Rule } from "../rule.ts";

export const paginationRecordsPath: Rule = {
  id: "pagination/records-path",
  severity: "warning",
  summary: "Pages whose answer is a map, without a `records_path` that says where the records are.",
  check: ({ declared }, report) => {
    for (const { at } of declared.operations) {
      const pagination = at.at("pagination");
      const type = pagination.at("type").string();
      const answer = at.at("response_schema").at("type").string();
      if (
        !pagination.exists ||
        type === "none" ||
        answer !== "object" ||
        at.at("response").has("records_path")
      )
        continue;
      report({
        path: pagination.path,
        at: "key",
        message:
          "Each page would count as one record: the answer is a map, and nothing says where its records are.",
        help: 'Say where, such as `response: { records_path: "$.items" }`.',
      });
    }
  },
};
