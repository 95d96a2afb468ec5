import { closest, list } from "../../../schema/language/spelling.ts";
import { profilesOf } from "../../lower/operation.ts";
import { placementScope } from "../../lower/profile.ts";
import { bindName } from "../../lower/scope.ts";
import type { Rule } from "../rule.ts";

export const referenceUnknownCredential: Rule = {
  id: "reference/unknown-credential",
  severity: "error",
  summary: "`credential_field` names neither an extract of the chain nor a credential field.",
  check: ({ declared, lowering }, report) => {
    for (const operation of declared.operations) {
      const ref = operation.at.at("credential_field");
      const name = ref.string();
      const { profiles, unknown } = profilesOf(lowering, operation);
      if (name === undefined || unknown.length > 0 || profiles.length === 0) continue;
      // A chain that is at fault, or that does not give what it ends with, has a finding of its own.
      if (declared.open.profiles || profiles.some(({ open, chain }) => open || chain?.final === name))
        continue;
      const scopes = profiles.map((profile) => placementScope(lowering, profile));
      if (scopes.some((scope) => "symbol" in bindName([name], scope, "header"))) continue;
      const known = [
        ...new Set(
          scopes.flatMap((scope) => [
            ...scope.extracts.map((e) => e.name),
            ...scope.profiles.flatMap((p) => p.fields.map((f) => f.key)),
          ]),
        ),
      ];
      const meant = closest(name, known);
      report({
        path: ref.path,
        message: `The profile has no credential \`${name}\`.`,
        help: meant ? `Did you mean \`${meant}\`?` : `Its credentials are ${list(known)}.`,
        ...(meant ? { replace: meant } : {}),
      });
    }
  },
};
