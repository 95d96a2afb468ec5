import { closest, list, nearestFirst, sameButForStyle } from "../../../schema/language/spelling.ts";
import type { Finding } from "../../diagnostics.ts";
import type { Declared } from "../../lower/declared.ts";
import { classifyReference, embeddedReferences, hasAnchor, resolvesPointer } from "../../lower/schemas.ts";
import { inStyle } from "../../validate/words.ts";
import type { Rule } from "../rule.ts";

export const referenceUnknownSchema: Rule = {
  id: "reference/unknown-schema",
  severity: "error",
  blocking: true,
  summary: "A `$ref` that points at nothing.",
  check: ({ declared, lowering }, report) => {
    const shared = new Map(declared.schemas.map((schema) => [schema.name, schema]));
    const known = [...declared.schemas.map(({ name }) => name), ...lowering.files.schemas.keys()];
    const names = new Set(known);
    for (const { schema, ref, at } of embeddedReferences(declared.root)) {
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
            ...sharedOf(ref, declared),
          });
        continue;
      }
      if (found.kind !== "shared" || declared.open.schemas) continue;
      if (names.has(found.name)) {
        const target = shared.get(found.name);
        if (target && found.rest && !resolvesPointer(target.at, found.rest.slice(1)))
          report({
            path: at.path,
            message: `${ref} points at nothing in the schema \`${found.name}\`.`,
            help: "Mend the part behind the schema's name.",
            related: [{ path: target.at.path, at: "key", message: "the schema" }],
          });
        continue;
      }
      const meant = closest(found.name, known);
      const text = at.scalar && meant ? inStyle(`#/schemas/${meant}${found.rest}`, at.scalar) : undefined;
      const isCertain = text !== undefined && sameButForStyle(found.name, known) === meant;
      const place = meant === undefined ? undefined : shared.get(meant)?.at.path;
      report({
        path: at.path,
        message: `There is no shared schema \`${found.name}\`.`,
        help: meant
          ? `Did you mean #/schemas/${meant}?`
          : known.length > 0
            ? `The shared schemas are ${list(nearestFirst(found.name, known))}.`
            : "Declare it under the top-level `schemas`.",
        label: "no such schema",
        cause: found.name,
        ...(text === undefined ? {} : { replace: text }),
        ...(isCertain && at.node
          ? { fix: { title: `Refer to \`${meant}\``, edits: [{ span: at.node.span, text }] } }
          : {}),
        ...(place && meant !== undefined
          ? {
              misses: { name: found.name, meant, declared: place, at: "key" },
              related: [{ path: place, at: "key", message: `\`${meant}\` is declared here` }],
            }
          : {}),
      });
    }
  },
};

/** `#/components/schemas/Name`, `#/definitions/Name`: the habit of another format, where such a schema is shared. */
function sharedOf(ref: string, { schemas }: Declared): Pick<Finding, "related"> {
  const name = /^#\/(?:components\/schemas|definitions|\$defs)\/([^/]+)$/.exec(ref)?.[1];
  const shared = schemas.find((schema) => schema.name === name);
  if (!shared) return {};
  const message = `the shared schema is referred to as #/schemas/${name}`;
  return { related: [{ path: shared.at.path, at: "key", message }] };
}
