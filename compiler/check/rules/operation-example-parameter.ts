import { closest, list } from "../../../schema/language/spelling.ts";
import type { Rule } from "../rule.ts";

export const operationExampleParameter: Rule = {
  id: "operation/example-parameter",
  severity: "warning",
  summary: "An example gives a parameter that the operation does not have.",
  check: ({ declared }, report) => {
    for (const { id, at, parameters, open } of declared.operations) {
      if (open) continue;
      const known = parameters.map(({ name }) => name);
      for (const [, example] of at.at("examples").entries())
        for (const [name, value] of example.at("params").entries()) {
          if (known.includes(name)) continue;
          const meant = closest(name, known);
          report({
            path: value.path,
            at: "key",
            message: `The operation \`${id}\` has no parameter \`${name}\`.`,
            help: meant ? `Did you mean \`${meant}\`?` : `Its parameters are ${list(known)}.`,
            ...(meant ? { replace: meant } : {}),
          });
        }
    }
  },
};
