import type { FieldType } from "../../../schema/ir.ts";
import type { Cursor } from "../../lower/cursor.ts";
import type { DeclaredField } from "../../lower/declared.ts";
import { sameData } from "../../read/tree.ts";
import { mismatch } from "../field-type.ts";
import type { Rule } from "../rule.ts";
import { conflictingTypes } from "../schema-type.ts";
import { outsideBounds } from "../setting-bounds.ts";

/** What an example does not fit: the end of a sentence about it, what to do, and the value that says so. */
interface Misfit {
  readonly message: string;
  readonly help: string;
  readonly bound: Cursor;
}

export const parameterExampleMismatch: Rule = {
  id: "parameter/example-mismatch",
  severity: "warning",
  summary: "An example of a parameter, setting or credential field that would be refused as a value.",
  check: ({ declared, lowering }, report) => {
    const judge = (at: Cursor, type: FieldType, what: string, bounds: () => Misfit | undefined): void => {
      const example = at.at("example");
      if (!example.exists || lowering.isBroken([...at.path, "field_type"])) return;
      const misfit = ofOtherType(example, at, type) ?? bounds();
      if (misfit)
        report({
          path: example.path,
          message: `The example of ${what} ${misfit.message}.`,
          help: misfit.help,
          ...(misfit.bound.exists
            ? { related: [{ path: misfit.bound.path, message: "it must fit this" }] }
            : {}),
        });
    };
    const judgeField = ({ key, type, at }: DeclaredField, kind: string): void =>
      judge(at, type, `the ${kind} \`${key}\``, () => {
        const reason = outsideBounds(at.at("example").value(), at, lowering);
        const bound = ["enum", "format", "pattern"].find((one) => at.has(one)) ?? "enum";
        return reason === undefined ? undefined : { message: reason, help, bound: at.at(bound) };
      });
    for (const setting of declared.settings) judgeField(setting, "setting");
    for (const field of declared.profiles.flatMap(({ fields }) => fields))
      if (!field.implied) judgeField(field, "credential field");
    for (const parameter of declared.operations.flatMap(({ parameters }) => parameters)) {
      const { at, type, name } = parameter;
      const values = at.at("schema").at("enum");
      // A schema of another type has a finding of its own.
      if (!conflictingTypes(parameter))
        judge(at, type, `the parameter \`${name}\``, () =>
          isListed(at.at("example"), values)
            ? undefined
            : { message: "is none of the values of `enum`", help, bound: values },
        );
    }
  },
};

const help = "Show one of the values that are allowed.";

function ofOtherType(example: Cursor, at: Cursor, type: FieldType): Misfit | undefined {
  const wrong = mismatch(example.value(), type);
  // A number where a text is asked for is sent as its digits.
  return wrong && !wrong.lenient
    ? { message: wrong.message, help: wrong.help, bound: at.at("field_type") }
    : undefined;
}

function isListed(example: Cursor, values: Cursor): boolean {
  const items = values.items();
  if (items.length === 0) return true;
  const text = example.scalar && String(example.scalar.value);
  return items.some(
    ({ node, scalar }) =>
      sameData(node, example.node) || (text !== undefined && scalar && String(scalar.value) === text),
  );
}
