import { closest, list } from "../../../schema/language/spelling.ts";
import {
  classifyReference,
  eachReference,
  embeddedSchemas,
  hasAnchor,
  resolvesPointer,
} from "../../lower/schemas.ts";
import type { Rule } from "../rule.ts";

export const referenceUnknownSchema: Rule = {
  id: "reference/unknown-schema",
  severity: "error",
  summary: "A `$ref` that points at nothing.",
  check: ({ declared, lowering }, report) => {
    const known = [...declared.schemas.map(({ name }) => name), ...lowering.files.schemas.keys()];
    for (const schema of embeddedSchemas(declared.root))
      eachReference(schema, (ref, at) => {
        const found = classifyReference(ref);
        if (found.kind === "inside") {
          if (
            ref !== "#" &&
            !(ref.startsWith("#/") ? resolvesPointer(schema, ref.slice(2)) : hasAnchor(schema, ref.slice(1)))
          )
            report({
              path: at.path,
              message: `${ref} points at nothing in this schema.`,
              help: "Point at `#/$defs/…` of the same schema, or at a shared one: `#/schemas/Name`.",
            });
          return;
        }
        if (found.kind !== "shared" || declared.open.schemas) return;
        if (known.includes(found.name)) {
          const target = declared.schemas.find(({ name }) => name === found.name);
          if (target && found.rest && !resolvesPointer(target.at, found.rest.slice(1)))
            report({
              path: at.path,
              message: `${ref} points at nothing in the schema \`${found.name}\`.`,
              help: "Mend the part behind the schema's name.",
            });
          return;
        }
        const meant = closest(found.name, known);
        report({
          path: at.path,
          message: `There is no shared schema \`${found.name}\`.`,
          help: meant
            ? `Did you mean #/schemas/${meant}?`
            : known.length > 0
              ? `The shared schemas are ${list(known)}.`
              : "Declare it under the top-level `schemas`.",
          ...(meant ? { replace: `#/schemas/${meant}${found.rest}` } : {}),
        });
      });
  },
};
