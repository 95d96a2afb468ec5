import type { Cursor } from "../../lower/cursor.ts";
import type { DeclaredProfile } from "../../lower/declared.ts";
import { hasPlacement } from "../../lower/placement.ts";
import type { Rule } from "../rule.ts";
import { usesOf } from "../uses.ts";

export const authenticationNoPlacement: Rule = {
  id: "authentication/no-placement",
  severity: "warning",
  summary:
    "A profile whose credential goes nowhere: an api_key without a placement, or a placement of constants.",
  check: (model, report) => {
    const { declared, lowering } = model;
    const uses = usesOf(model);
    if (hasPlacement(declared.root.at("defaults"))) return;
    for (const profile of declared.profiles) {
      if (
        !lacksPlace(profile) ||
        profile.at.has("credential_chain_id") ||
        placesCredential(profile.at) ||
        lowering.isBroken(profile.at.path) ||
        lowering.lostKey(profile.at.path) ||
        [...placements, "credential_chain_id"].some((key) => lowering.isStray(key)) ||
        placements.some((key) => lowering.isBroken([...profile.at.path, key]))
      )
        continue;
      const bare = uses
        .operationsOf(profile)
        .find(
          ({ declared: operation }) =>
            !hasPlacement(operation.at) &&
            !operation.at.has("credential_field") &&
            !usesCredential(operation.id),
        );
      if (!bare) continue;
      const constant = placedValues(profile.at)[0];
      const empty = placements.find((key) => profile.at.has(key));
      const field = profile.fields.find(({ secret }) => secret)?.key ?? profile.fields[0]?.key ?? "api_key";
      report({
        path: constant?.path ?? [...profile.at.path, empty ?? "type"],
        ...(!constant && empty ? { at: "key" as const } : {}),
        message: constant
          ? `This is sent as it stands, without the credential of \`${profile.id}\`.`
          : `Nothing says where the credential of \`${profile.id}\` goes: \`${bare.declared.id}\` is sent without it.`,
        label: constant ? "a constant" : "places its credential nowhere",
        help: constant
          ? `Write the credential's name in braces, such as "{${field}}".`
          : "Add `auth_headers` or `auth_query` to the profile or the operation.",
        related: [{ path: [...bare.declared.at.path, "operation_id"], message: "sent without a credential" }],
      });
    }
    function usesCredential(operation: string): boolean {
      return uses.by({ kind: "operation", id: operation }).some(({ symbol }) => symbol.kind === "credential");
    }
  },
};

/** An api_key has no place of its own; the others lose theirs by a placement that holds no credential. */
function lacksPlace({ type, at }: DeclaredProfile): boolean {
  return type === "api_key" || (placedByType.has(type) && placedValues(at).length > 0);
}

const placedByType: ReadonlySet<string> = new Set([
  "basic",
  "bearer",
  "jwt",
  "oauth2_authorization_code",
  "oauth2_client_credentials",
  "service_account",
]);

const placements = ["auth_headers", "auth_query", "auth_cookies"];

/** A placement of nothing but constants carries no credential; what is no text has a finding of its own. */
export function placesCredential(at: Cursor): boolean {
  return placedValues(at).some((value) => !value.scalar || value.string()?.includes("{") === true);
}

function placedValues(at: Cursor): readonly Cursor[] {
  return placements.flatMap((key) =>
    at
      .at(key)
      .entries()
      .map(([, value]) => value),
  );
}
