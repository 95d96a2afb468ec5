import { duplicateRule } from "../duplicates.ts";
import type { Rule } from "../rule.ts";

export const authenticationDuplicateProfile: Rule = duplicateRule({
  id: "authentication/duplicate-profile",
  summary: "Two profiles with one `profile_id` (which defaults to the type).",
  what: "profile",
  help: "Give each profile a `profile_id` of its own.",
  names: ({ declared }) =>
    declared.profiles.map(({ id, at }) => ({
      group: "",
      name: id,
      path: [...at.path, at.has("profile_id") ? "profile_id" : "type"],
    })),
});
