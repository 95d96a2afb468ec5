import { classifyReference, embeddedReferences } from "../../lower/schemas.ts";
import type { Rule } from "../rule.ts";

export const schemaRemoteReference: Rule = {
  id: "schema/remote-reference",
  severity: "error",
  summary: "A `$ref` to the network; nothing is ever fetched.",
  check: ({ declared }, report) => {
    for (const { ref, at } of embeddedReferences(declared.root))
      if (classifyReference(ref).kind === "remote")
        report({
          path: at.path,
          message: `${ref} is a remote reference.`,
          help: "Keep the schema in a file beside the descriptor (`./schemas/name.json`), or under the top-level `schemas`.",
        });
  },
};
