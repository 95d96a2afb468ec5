import type { FieldType } from "../../../schema/ir.ts";
import { pageParameters, pagings } from "../paging.ts";
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
      for (const { key, name, declared } of pageParameters(paging)) {
        const cursor = key === "cursor_param";
        // A schema that says otherwise has a finding of its own.
        if (!declared || conflictingTypes(declared) || !(cursor ? unfit : noNumber).includes(declared.type))
          continue;
        report({
          path: [...declared.at.path, "field_type"],
          message: `The page reader puts ${cursor ? "a cursor" : "a number"} into \`${name}\`, which is of type \`${declared.type}\`.`,
          help: cursor ? "A cursor is text or a number: `string` takes both." : "Make it an `integer`.",
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
