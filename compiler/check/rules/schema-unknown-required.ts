import { closest, list } from "../../../schema/language/spelling.ts";
import type { Cursor } from "../../lower/cursor.ts";
import { isKeyword } from "../../validate/schema-keywords.ts";
import { inStyle } from "../../validate/words.ts";
import type { Rule } from "../rule.ts";
import { eachSchema } from "../schemas.ts";

export const schemaUnknownRequired: Rule = {
  id: "schema/unknown-required",
  severity: "warning",
  summary: "A schema requires a property that it does not describe.",
  check: ({ declared }, report) => {
    eachSchema(declared.root, (at, isPart) => {
      const properties = at.at("properties");
      if (properties.node?.kind !== "map" || !at.has("required")) return;
      // Of a line that YAML read otherwise, `id { type: string }`, there is an error.
      if (
        properties
          .entries()
          .some(([, { node }]) => node?.kind === "scalar" && typeof node.value !== "boolean")
      )
        return;
      const known = properties.entries().map(([name]) => name);
      const names = new Set(known);
      for (const item of at.at("required").items()) {
        const name = item.string();
        // A property beside `properties` is told of as no keyword.
        if (name === undefined || names.has(name)) continue;
        if (at.at(name).node?.kind === "map" && !isKeyword(name)) continue;
        const meant = closest(name, known);
        // Another part of the same value may describe it.
        if (meant === undefined && (isPart || describesElsewhere(at))) continue;
        const node = item.scalar;
        report({
          path: item.path,
          message: `This schema requires \`${name}\`, and its \`properties\` have no such name.`,
          label: "required",
          help:
            meant === undefined
              ? known.length === 0
                ? "Describe it under `properties`."
                : `It describes ${list(known)}.`
              : `Did you mean \`${meant}\`?`,
          ...(meant === undefined
            ? {}
            : { misses: { name, meant, declared: [...properties.path, meant], at: "key" as const } }),
          ...(meant !== undefined && node && node.style !== "block" ? { replace: inStyle(meant, node) } : {}),
          related: [
            meant === undefined
              ? { path: properties.path, at: "key", message: "not among these" }
              : { path: [...properties.path, meant], at: "key", message: `\`${meant}\` is described here` },
          ],
        });
      }
    });
  },
};

const others = [
  "allOf",
  "anyOf",
  "oneOf",
  "$ref",
  "$dynamicRef",
  "patternProperties",
  "if",
  "dependentSchemas",
];

function describesElsewhere(at: Cursor): boolean {
  return others.some((key) => at.has(key));
}
