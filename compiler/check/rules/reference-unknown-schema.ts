import { closest, list } from "../../../schema/language/spelling.ts";
import type { Cursor } from "../../lower/cursor.ts";
import { classifyReference, eachReference, embeddedSchemas } from "../../lower/schemas.ts";
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
          if (ref.startsWith("#/") && !resolves(schema, ref.slice(2)))
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
          if (target && found.rest && !resolves(target.at, found.rest.slice(1)))
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

/** RFC 6901, in the URI fragment form. */
function resolves(root: Cursor, pointer: string): boolean {
  let at = root;
  for (const token of pointer.split("/")) {
    const key = decode(token).replaceAll("~1", "/").replaceAll("~0", "~");
    at = at.node?.kind === "list" ? (at.items()[Number(key)] ?? at.at(key)) : at.at(key);
    if (!at.exists) return false;
  }
  return true;
}

function decode(token: string): string {
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
}
