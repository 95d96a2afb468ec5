import { duplicateRule } from "../duplicates.ts";
import type { Rule } from "../rule.ts";

export const settingDuplicateKey: Rule = duplicateRule({
  id: "setting/duplicate-key",
  summary: "Two connection settings with one key.",
  what: "connection setting",
  help: "Give each setting a key of its own.",
  names: ({ declared }) =>
    declared.settings.map(({ key, at }) => ({ group: "", name: key, path: [...at.path, "key"] })),
});
