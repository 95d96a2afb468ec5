import { closest } from "../../../schema/language/spelling.ts";
import type { DeclaredParameter } from "../../lower/declare.ts";
import { adviseName, type Candidate } from "../meant.ts";
import type { Rule } from "../rule.ts";

export const paginationParameter: Rule = {
  id: "pagination/parameter",
  severity: "warning",
  summary: "A paging parameter that is a slip away from a declared one.",
  check: ({ declared }, report) => {
    for (const { at, parameters, open } of declared.operations) {
      if (open || !at.has("pagination")) continue;
      const candidates = parameters.flatMap(candidatesOf);
      const known = candidates.map((one) => one.name);
      for (const key of ["cursor_param", "offset_param", "page_param", "limit_param"]) {
        const ref = at.at("pagination").at(key);
        const name = ref.string();
        if (name === undefined || known.includes(name)) continue;
        const meant = closest(name, known);
        if (meant === undefined) continue;
        report({
          path: ref.path,
          message: `No parameter is called \`${name}\`, so it is sent as a query parameter of its own beside \`${meant}\`.`,
          ...adviseName(name, { value: ref }, candidates, () => "Declare it, or name a declared one."),
        });
      }
    }
  },
};

/** A parameter by its name and by the name that it has on the wire. */
function candidatesOf({ name, at }: DeclaredParameter): Candidate[] {
  const wire = at.at("wire_name").string();
  return [
    { name, path: [...at.path, "name"] },
    ...(wire === undefined ? [] : [{ name: wire, path: [...at.path, "wire_name"] }]),
  ];
}
