import type { Cursor } from "../../lower/cursor.ts";
import { hasPlacement } from "../../lower/placement.ts";
import type { Rule } from "../rule.ts";

export const authenticationNoPlacement: Rule = {
  id: "authentication/no-placement",
  severity: "warning",
  summary: "An api_key profile that says nowhere where its credential goes.",
  check: ({ declared, operations, lowering }, report) => {
    if (hasPlacement(declared.root.at("defaults"))) return;
    for (const profile of declared.profiles) {
      if (
        profile.type !== "api_key" ||
        profile.at.has("credential_chain_id") ||
        placesCredential(profile.at) ||
        lowering.isBroken(profile.at.path)
      )
        continue;
      const bare = operations.find(
        ({ profiles, declared: operation }) =>
          profiles.includes(profile) &&
          !hasPlacement(operation.at) &&
          !operation.at.has("credential_field") &&
          !usesCredential(operation.id),
      );
      if (bare)
        report({
          path: [...profile.at.path, "type"],
          message: `Nothing says where the credential of \`${profile.id}\` goes: \`${bare.declared.id}\` is sent without it.`,
          label: "places its credential nowhere",
          help: "Add `auth_headers` or `auth_query` to the profile or the operation.",
          related: [
            { path: [...bare.declared.at.path, "operation_id"], message: "sent without a credential" },
          ],
        });
    }
    function usesCredential(operation: string): boolean {
      return lowering.references.some(
        ({ symbol, owner }) =>
          symbol.kind === "credential" && owner.kind === "operation" && owner.id === operation,
      );
    }
  },
};

/** A placement of nothing but constants carries no credential; what is no text has a finding of its own. */
function placesCredential(at: Cursor): boolean {
  return ["auth_headers", "auth_query", "auth_cookies"].some((key) =>
    at
      .at(key)
      .entries()
      .some(([, value]) => !value.scalar || value.string()?.includes("{") === true),
  );
}
