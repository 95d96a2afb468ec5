import type { FieldType } from "../../../schema/ir.ts";
import { allPageParameters, isCursor, pagings, takesStructure } from "../paging.ts";
import type { Rule } from "../rule.ts";
import { conflictingTypes } from "../schema-type.ts";

/** Types that take neither a number nor a cursor's text. */
const unfit: readonly FieldType[] = ["boolean", "array", "object", "file"];
/** Types that take no number. */
const noNumber: readonly FieldType[] = [...unfit, "date", "datetime"];

export const paginationParameterType: Rule = {
  id: "pagination/parameter-type",
  severity: "error",
  summary: "A paging parameter whose type cannot hold what the page reader puts into it.",
  check: (model, report) => {
    for (const paging of pagings(model)) {
      for (const parameter of allPageParameters(paging)) {
        const { key, name, declared } = parameter;
        const cursor = isCursor(parameter);
        // A schema that says otherwise has a finding of its own.
        if (!declared || conflictingTypes(declared) || !(cursor ? unfit : noNumber).includes(declared.type))
          continue;
        if (takesStructure(paging, parameter)) continue;
        report({
          path: [...declared.at.path, "field_type"],
          message: `The page reader puts ${cursor ? "a cursor" : "a number"} into \`${name}\`, which is of type \`${declared.type}\`.`,
          help: cursor
            ? "A cursor is text or a number: `string` takes both. A map or a list can go into a body."
            : "Make it an `integer`.",
          related: [
            {
              path: paging.at.has(key) ? [...paging.at.path, key] : paging.at.path,
              ...(paging.at.has(key) ? {} : { at: "key" as const }),
              message: "filled in by this",
            },
          ],
        });
      }
    }
  },
};
