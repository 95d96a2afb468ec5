import { wireName } from "../../lower/entries.ts";
import type { Rule } from "../rule.ts";
import { oddName, wireKey } from "../wire-names.ts";

export const parameterOddWireName: Rule = {
  id: "parameter/odd-wire-name",
  severity: "warning",
  summary:
    "A name on the wire that is a JSONPath or a template, or holds half a pair of brackets or a sign of a query's writing.",
  check: ({ declared }, report) => {
    for (const { parameters } of declared.operations)
      for (const parameter of parameters) {
        // A header's name has a rule of its own, and a path has holes.
        if (parameter.location === "path" || parameter.location === "header") continue;
        const odd = oddName(wireName(parameter));
        if (odd) report({ path: [...parameter.at.path, wireKey(parameter)], ...odd });
      }
  },
};
