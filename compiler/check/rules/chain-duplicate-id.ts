import { duplicateRule } from "../duplicates.ts";
import type { Rule } from "../rule.ts";

export const chainDuplicateId: Rule = duplicateRule({
  id: "chain/duplicate-id",
  summary: "Two credential chains with one `chain_id`.",
  what: "credential chain",
  help: "Give each chain a `chain_id` of its own.",
  names: ({ declared }) =>
    declared.chains
      .filter(({ at }) => at.has("chain_id"))
      .map(({ id, at }) => ({ group: "", name: id, path: [...at.path, "chain_id"] })),
});
