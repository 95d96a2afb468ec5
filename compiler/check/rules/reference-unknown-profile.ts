import { closest, list } from "../../../schema/language/spelling.ts";
import { profilesOf } from "../../lower/operation.ts";
import type { Rule } from "../rule.ts";

export const referenceUnknownProfile: Rule = {
  id: "reference/unknown-profile",
  severity: "error",
  summary: "`auth_type_ref` names no profile of this descriptor.",
  check: ({ declared, lowering }, report) => {
    if (declared.open.profiles) return;
    const known = [...new Set(declared.profiles.flatMap(({ id, type }) => [id, type]))];
    for (const operation of declared.operations)
      for (const ref of profilesOf(lowering, operation).unknown) {
        const meant = closest(ref.string() ?? "", known);
        report({
          path: ref.path,
          message: `There is no authentication profile \`${ref.string()}\`.`,
          help: meant
            ? `Did you mean \`${meant}\`?`
            : `The profiles are ${list(declared.profiles.map(({ id }) => id))}.`,
          ...(meant ? { replace: meant } : {}),
          related: [
            {
              path: declared.root.at("authentication").path,
              at: "key",
              message: "profiles are declared here",
            },
          ],
        });
      }
  },
};
