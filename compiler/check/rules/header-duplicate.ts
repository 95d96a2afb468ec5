import { duplicateRule } from "../duplicates.ts";
import { type NamedHeader, namedHeaders } from "../headers.ts";
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
    const taken = new Set(keyed.map(idOf));
    const lone = headers.filter((one) => one.at === "value" && taken.has(idOf(one)));
    return [...keyed, ...lone].map(({ group, name, path, at }) => ({
      group,
      name: name.toLowerCase(),
      shown: name,
      path,
      at,
    }));
  },
});

function idOf({ group, name }: NamedHeader): string {
  return `${group}\n${name.toLowerCase()}`;
}
