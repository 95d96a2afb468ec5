import { duplicateRule } from "../duplicates.ts";
import type { Rule } from "../rule.ts";

export const authenticationDuplicateField: Rule = duplicateRule({
  id: "authentication/duplicate-field",
  summary: "Two credential fields of one profile with one key.",
  what: "credential field",
  help: "Give each field of a profile a key of its own.",
  names: ({ declared }) =>
    declared.profiles.flatMap(({ at }) =>
      at
        .at("fields")
        .items()
        .flatMap((field) => {
          const name = field.at("key").string();
          return name === undefined ? [] : [{ group: at.path.join("/"), name, path: [...field.path, "key"] }];
        }),
    ),
});
