import type { DeclaredProfile } from "../../lower/declare.ts";
import type { Model } from "../../lower/lower.ts";
import type { Rule } from "../rule.ts";

export const authenticationUnusedField: Rule = {
  id: "authentication/unused-field",
  severity: "warning",
  summary: "A credential field that nothing uses.",
  check: (model, report) => {
    for (const profile of model.declared.profiles) {
      const own = ownFields[profile.type];
      if (!own || !profile.hasFields || profile.open || !isSettled(model, profile)) continue;
      const users = model.operations.filter(({ profiles }) => profiles.includes(profile));
      const fields = users.flatMap(({ declared }) => declared.at.at("credential_field").string() ?? []);
      const mtls = Object.values(
        model.profiles.find(({ declared }) => declared === profile)?.profile?.mtls ?? {},
      );
      const used = new Set([
        ...own,
        ...fields,
        ...mtls,
        ...model.lowering.references.flatMap(({ symbol }) =>
          symbol.kind === "credential" ? [symbol.key] : [],
        ),
        ...(profile.chain?.initial.map(({ key }) => key) ?? []),
      ]);
      // A profile that places nothing has a finding of its own.
      if (users.length === 0 || !profile.fields.some(({ key }) => used.has(key))) continue;
      // A client id or secret that is missing has a finding of its own, and may be this one.
      if (
        own.includes("client_id") &&
        !["client_id", "client_secret"].every((key) => profile.fields.some((f) => f.key === key))
      )
        continue;
      for (const { key, at } of profile.fields)
        if (!used.has(key))
          report({
            path: [...at.path, "key"],
            message: `Nothing uses the credential field \`${key}\`.`,
            help: "Remove it, or place it with auth_headers or auth_query.",
          });
    }
  },
};

/** Fields that a type uses by itself; of types that are not listed, all are. */
const ownFields: { readonly [type: string]: readonly string[] } = {
  api_key: [],
  oauth2_client_credentials: ["client_id", "client_secret", "access_token", "refresh_token", "expires_at"],
  oauth2_authorization_code: ["client_id", "client_secret", "access_token", "refresh_token", "expires_at"],
  service_account: ["service_account_json", "access_token", "refresh_token", "expires_at"],
};

/** No template that could use the field is broken. */
function isSettled({ lowering, operations }: Model, { id, chain }: DeclaredProfile): boolean {
  return (
    !lowering.hasUnresolved("profile", id) &&
    !(chain && lowering.hasUnresolved("chain", chain.id)) &&
    !operations.some(({ declared }) => lowering.hasUnresolved("operation", declared.id))
  );
}
