import { duplicateRule } from "../duplicates.ts";
import { namedHeaders } from "../headers.ts";
import type { Rule } from "../rule.ts";

export const headerDuplicate: Rule = duplicateRule({
  id: "header/duplicate",
  blocking: false,
  summary: "Two headers of one request whose names differ in case only, or not at all.",
  what: "header",
  help: "Header names are the same in any case (RFC 9110, section 5.1): keep one.",
  // Equal names of two parameters are the finding of `parameter/duplicate-wire-name`.
  names: (model) => {
    const headers = namedHeaders(model);
    const keyed = headers.filter(({ at }) => at === "key");
    const lone = headers.filter(
      (h) =>
        h.at === "value" &&
        keyed.some((k) => k.group === h.group && k.name.toLowerCase() === h.name.toLowerCase()),
    );
    return [...keyed, ...lone].map(({ group, name, path, at }) => ({
      group,
      name: name.toLowerCase(),
      shown: name,
      path,
      at,
    }));
  },
});
