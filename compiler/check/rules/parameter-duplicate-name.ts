import { duplicateRule } from "../duplicates.ts";
import type { Rule } from "../rule.ts";

export const parameterDuplicateName: Rule = duplicateRule({
  id: "parameter/duplicate-name",
  summary: "Two parameters of one operation with one name.",
  what: "parameter",
  help: "Give each parameter a `name` of its own; `wire_name` says what it is called on the wire.",
  names: ({ declared }) =>
    declared.operations.flatMap(({ at, parameters }) =>
      parameters.map((p) => ({ group: at.path.join("/"), name: p.name, path: [...p.at.path, "name"] })),
    ),
});
