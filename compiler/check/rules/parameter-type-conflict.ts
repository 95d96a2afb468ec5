import type { Rule } from "../rule.ts";
import { conflictingTypes, isSayable } from "../schema-type.ts";

export const parameterTypeConflict: Rule = {
  id: "parameter/type-conflict",
  severity: "error",
  summary: "A parameter's schema contradicts its `field_type`.",
  check: ({ declared, lowering }, report) => {
    for (const parameter of declared.operations.flatMap(({ parameters }) => parameters)) {
      const { at, name, type } = parameter;
      const types = conflictingTypes(parameter);
      // The type that is not there may be what another finding is about.
      const lost =
        lowering.isBroken([...at.path, "field_type"]) ||
        (!at.has("field_type") && (lowering.isStray("field_type") || lowering.lostKey(at.path)));
      if (!types || lost) continue;
      const meant = types.find(isSayable);
      const key = at.has("field_type") ? "field_type" : "name";
      report({
        path: [...at.path, "schema", "type"],
        message: `The schema of \`${name}\` says ${types.join(" or ")}, its field_type ${key === "name" ? "(by default) " : ""}${type}.`,
        help: meant ? `Say \`field_type: ${meant}\`, or mend the schema.` : "Make them agree.",
        label: "its schema says this",
        related: [
          {
            path: [...at.path, key],
            message: key === "name" ? `\`${name}\` is a string` : "its type says this",
          },
        ],
      });
    }
  },
};
