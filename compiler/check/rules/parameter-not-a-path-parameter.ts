import type { DeclaredOperation, DeclaredParameter } from "../../lower/declared.ts";
import { createFind } from "../../lower/find.ts";
import type { Rule } from "../rule.ts";

export const parameterNotAPathParameter: Rule = {
  id: "parameter/not-a-path-parameter",
  severity: "error",
  summary: "A hole in the path takes a parameter of another location.",
  check: ({ declared, lowering }, report) => {
    for (const reference of lowering.references) {
      const { symbol, context, owner, section } = reference;
      if (
        symbol.kind !== "parameter" ||
        section !== "endpoint" ||
        owner.kind !== "operation" ||
        (context !== "path" && context !== "path_slashes")
      )
        continue;
      const operation = findOperation(declared.operations, owner.id);
      const parameter = operation && findParameter(operation.parameters, symbol.name);
      if (!parameter || parameter.location === "path" || parameter.location === "body") continue;
      const { path, span } = reference;
      const where = [...parameter.at.path, "location"];
      // A required parameter was probably meant for the path; any other, the hole was probably meant for another.
      const declaredWrong = parameter.at.at("required").boolean() === true;
      report({
        ...(declaredWrong ? { path: where } : { path, span }),
        message: `\`${symbol.name}\` is declared as a ${parameter.location} parameter, but stands in the path.`,
        label: declaredWrong ? "declared here" : "stands in the path here",
        help: "Say `location: path`, or take it out of the endpoint's path.",
        related: [
          declaredWrong
            ? { path, message: "it stands here" }
            : { path: where, message: "it is declared here" },
        ],
      });
    }
  },
};

const findOperation = createFind<DeclaredOperation>(({ id }) => id);
const findParameter = createFind<DeclaredParameter>(({ name }) => name);
