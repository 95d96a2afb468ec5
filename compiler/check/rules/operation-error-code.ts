import { errorCodes } from "../../../schema/language/error-codes.ts";
import type { Cursor } from "../../lower/cursor.ts";
import { intendedCode } from "../../validate/spelling.ts";
import { adviseName } from "../meant.ts";
import type { Rule } from "../rule.ts";

const known = errorCodes.map((name) => ({ name }));

export const operationErrorCode: Rule = {
  id: "operation/error-code",
  severity: "warning",
  summary: "An error rule whose code is a slip away from one of the runtime's own.",
  check: ({ declared }, report) => {
    const judge = (rules: Cursor): void => {
      for (const rule of rules.items()) {
        const at = rule.at("code");
        const code = at.string();
        if (code === undefined || intendedCode(code, errorCodes) === undefined) continue;
        report({
          path: at.path,
          message: `\`${code}\` is no code of the runtime: whoever looks for one of those misses this error.`,
          ...adviseName(code, { value: at }, known, () => "Write the code that is meant."),
        });
      }
    };
    judge(declared.root.at("defaults").at("errors"));
    for (const { at } of declared.operations) judge(at.at("errors"));
  },
};
