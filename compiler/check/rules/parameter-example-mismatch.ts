import type { FieldType } from "../../../schema/ir.ts";
import type { Cursor } from "../../lower/cursor.ts";
import { sameData } from "../../read/tree.ts";
import { mismatch } from "../field-type.ts";
import type { Rule } from "../rule.ts";
import { conflictingTypes } from "../schema-type.ts";

export const parameterExampleMismatch: Rule = {
  id: "parameter/example-mismatch",
  severity: "warning",
  summary: "An example of a parameter or setting that is not of its type, or none of its listed values.",
  check: ({ declared }, report) => {
    const judge = (at: Cursor, type: FieldType, values: Cursor, what: string): void => {
      const example = at.at("example");
      if (!example.exists) return;
      const wrong = mismatch(example.value(), type);
      // A number where a text is asked for is sent as its digits.
      const isWrong = wrong !== undefined && !wrong.lenient;
      if (!isWrong && isListed(example, values)) return;
      const bound = isWrong ? at.at("field_type") : values;
      report({
        path: example.path,
        message: `The example of ${what} ${isWrong ? wrong.message : "is none of the values of `enum`"}.`,
        help: isWrong ? wrong.help : "Show one of the values that are allowed.",
        ...(bound.exists ? { related: [{ path: bound.path, message: "it must fit this" }] } : {}),
      });
    };
    for (const { key, type, at } of declared.settings)
      judge(at, type, at.at("enum"), `the setting \`${key}\``);
    // A schema of another type has a finding of its own.
    for (const parameter of declared.operations.flatMap(({ parameters }) => parameters))
      if (!conflictingTypes(parameter))
        judge(
          parameter.at,
          parameter.type,
          parameter.at.at("schema").at("enum"),
          `the parameter \`${parameter.name}\``,
        );
  },
};

function isListed(example: Cursor, values: Cursor): boolean {
  const items = values.items();
  if (items.length === 0) return true;
  const text = example.scalar && String(example.scalar.value);
  return items.some(
    ({ node, scalar }) =>
      sameData(node, example.node) || (text !== undefined && scalar && String(scalar.value) === text),
  );
}
