import { profilesOf } from "../../lower/operation.ts";
import { placementScope } from "../../lower/profile.ts";
import { bindName } from "../../lower/scope.ts";
import { adviseName, type Candidate } from "../meant.ts";
import type { Rule } from "../rule.ts";

export const referenceUnknownCredential: Rule = {
  id: "reference/unknown-credential",
  severity: "error",
  blocking: true,
  summary: "`credential_field` names neither an extract of the chain nor a credential field.",
  check: ({ declared, lowering }, report) => {
    for (const operation of declared.operations) {
      const ref = operation.at.at("credential_field");
      const name = ref.string();
      if (name === undefined) continue;
      const { profiles, unknown } = profilesOf(lowering, operation);
      if (unknown.length > 0 || profiles.length === 0) continue;
      // A chain that is at fault, or that does not give what it ends with, has a finding of its own.
      if (declared.open.profiles || profiles.some(({ open, chain }) => open || chain?.final === name))
        continue;
      const scopes = profiles.map((profile) => placementScope(lowering, profile));
      if (scopes.some((scope) => "symbol" in bindName([name], scope, "header"))) continue;
      const known = profiles.flatMap(({ chain, fields }): Candidate[] => [
        ...(chain?.steps ?? []).flatMap((step) =>
          step.extracts.map((e): Candidate => ({ name: e.name, path: e.at.path, at: "key" })),
        ),
        ...fields.map((f) => ({ name: f.key, ...(f.implied ? {} : { path: [...f.at.path, "key"] }) })),
      ]);
      report({
        path: ref.path,
        message: `The profile has no credential \`${name}\`.`,
        label: "no such credential",
        related: profiles.slice(0, 3).map(({ id, at }) => ({
          path: [...at.path, at.has("profile_id") ? "profile_id" : "type"],
          message: `the profile \`${id}\``,
        })),
        ...adviseName(name, { value: ref }, known, (shown) =>
          shown ? `Its credentials are ${shown}.` : "Declare it under `fields` of the profile.",
        ),
      });
    }
  },
};
