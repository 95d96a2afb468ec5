import { adviseName } from "../meant.ts";
import type { Rule } from "../rule.ts";

export const operationExampleParameter: Rule = {
  id: "operation/example-parameter",
  severity: "warning",
  summary: "An example gives a parameter that the operation does not have.",
  check: ({ declared }, report) => {
    for (const { id, at, parameters, open } of declared.operations) {
      if (open) continue;
      const known = parameters.map((p) => ({ name: p.name, path: [...p.at.path, "name"] }));
      for (const [, example] of at.at("examples").entries())
        for (const [name, value] of example.at("params").entries()) {
          if (known.some((one) => one.name === name)) continue;
          report({
            path: value.path,
            at: "key",
            message: `The operation \`${id}\` has no parameter \`${name}\`.`,
            label: "no such parameter",
            ...adviseName(name, { key: name, in: example.at("params") }, known, (shown) =>
              shown ? `Its parameters are ${shown}.` : "It has no parameters.",
            ),
          });
        }
    }
  },
};
