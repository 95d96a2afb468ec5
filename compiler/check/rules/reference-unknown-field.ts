import { closest, list } from "../../../schema/language/spelling.ts";
import type { Rule } from "../rule.ts";

export const referenceUnknownField: Rule = {
  id: "reference/unknown-field",
  severity: "error",
  summary: "`mtls` names no credential field of its profile.",
  check: ({ declared }, report) => {
    for (const { at, fields, open } of declared.profiles)
      for (const key of ["certificate", "key"]) {
        const ref = at.at("mtls").at(key);
        const name = ref.string();
        const known = fields.map((field) => field.key);
        if (name === undefined || open || known.includes(name)) continue;
        const meant = closest(name, known);
        report({
          path: ref.path,
          message: `The profile has no credential field \`${name}\`.`,
          help: meant ? `Did you mean \`${meant}\`?` : `Its fields are ${list(known)}.`,
          ...(meant ? { replace: meant } : {}),
        });
      }
  },
};
