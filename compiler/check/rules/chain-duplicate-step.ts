import { allChains } from "../../lower/oauth-after.ts";
import { duplicateRule } from "../duplicates.ts";
import type { Rule } from "../rule.ts";

export const chainDuplicateStep: Rule = duplicateRule({
  id: "chain/duplicate-step",
  summary: "Two steps of one chain with one name.",
  what: "step",
  help: "Give each step of a chain a name of its own.",
  names: ({ declared }) =>
    allChains(declared).flatMap((chain) =>
      chain.steps
        .filter(({ at }) => at.has("step_name"))
        .map(({ name, at }) => ({ group: chain.at.path.join("/"), name, path: [...at.path, "step_name"] })),
    ),
});
