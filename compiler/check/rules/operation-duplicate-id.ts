import { duplicateRule } from "../duplicates.ts";
import type { Rule } from "../rule.ts";

export const operationDuplicateId: Rule = duplicateRule({
  id: "operation/duplicate-id",
  summary: "Two operations with one `operation_id`.",
  what: "operation",
  help: "Give each operation an id of its own.",
  names: ({ declared }) =>
    declared.operations
      .filter(({ id }) => id !== "")
      .map(({ id, at }) => ({ group: "", name: id, path: [...at.path, "operation_id"] })),
});
