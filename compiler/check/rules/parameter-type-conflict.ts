import type { Rule } from "../rule.ts";

const compatible: { readonly [type: string]: readonly string[] } = {
  string: ["string", "secret", "password", "date", "datetime", "file"],
  integer: ["integer", "number"],
  number: ["number"],
  boolean: ["boolean"],
  array: ["array"],
  object: ["object"],
};

export const parameterTypeConflict: Rule = {
  id: "parameter/type-conflict",
  severity: "error",
  summary: "A parameter's schema contradicts its `field_type`.",
  check: ({ declared }, report) => {
    for (const { parameters } of declared.operations)
      for (const { at, name, type } of parameters) {
        const typeAt = at.at("schema").at("type");
        const types = typeAt.itemsOrSelf().flatMap((item) => item.string() ?? []);
        if (
          types.length === 0 ||
          type === "json" ||
          types.some((one) => one !== "null" && (compatible[one] ?? []).includes(type))
        )
          continue;
        const meant = types.find((one) => Object.hasOwn(compatible, one));
        report({
          path: typeAt.path,
          message: `The schema of \`${name}\` says ${types.join(" or ")}, its field_type ${at.has("field_type") ? "" : "(by default) "}${type}.`,
          help: meant ? `Say \`field_type: ${meant}\`, or mend the schema.` : "Make them agree.",
          related: [
            { path: [...at.path, at.has("field_type") ? "field_type" : "name"], message: "the parameter" },
          ],
        });
      }
  },
};
