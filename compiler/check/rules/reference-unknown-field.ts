import { adviseName } from "../meant.ts";
import type { Rule } from "../rule.ts";

export const referenceUnknownField: Rule = {
  id: "reference/unknown-field",
  severity: "error",
  blocking: true,
  summary: "`mtls` names no credential field of its profile.",
  check: ({ declared }, report) => {
    for (const { at, fields, open } of declared.profiles)
      for (const key of ["certificate", "key"]) {
        const ref = at.at("mtls").at(key);
        const name = ref.string();
        if (name === undefined || open || fields.some((field) => field.key === name)) continue;
        const known = fields.map((field) => ({
          name: field.key,
          ...(field.implied ? {} : { path: [...field.at.path, "key"] }),
        }));
        report({
          path: ref.path,
          message: `The profile has no credential field \`${name}\`.`,
          label: "no such field",
          related: [
            { path: [...at.path, at.has("fields") ? "fields" : "type"], at: "key", message: "the profile" },
          ],
          ...adviseName(name, { value: ref }, known, (shown) =>
            shown ? `Its fields are ${shown}.` : "Declare it under `fields` of the profile.",
          ),
        });
      }
  },
};
