import type { Finding } from "../../diagnostics.ts";
import type { Cursor } from "../../lower/cursor.ts";
import type { DeclaredProfile } from "../../lower/declared.ts";
import type { Model } from "../../lower/lower.ts";
import { hasPlacement } from "../../lower/placement.ts";
import type { Rule } from "../rule.ts";
import { usesOf } from "../uses.ts";
import { placesCredential } from "./authentication-no-placement.ts";

export const authenticationUnusedField: Rule = {
  id: "authentication/unused-field",
  severity: "warning",
  needsWhole: true,
  summary: "A credential field that nothing uses.",
  check: (model, report) => {
    if (!areSettled(model)) return;
    const referred = new Set(
      model.lowering.references.flatMap(({ symbol }) => (symbol.kind === "credential" ? [symbol.key] : [])),
    );
    const { operationsOf } = usesOf(model);
    const lowered = new Map(model.profiles.map((one) => [one.declared, one.profile]));
    for (const profile of model.declared.profiles) {
      const own = ownFieldsOf(profile);
      if (!own || !profile.hasFields || profile.open || !isSettled(model, profile)) continue;
      const users = operationsOf(profile);
      const fields = users.flatMap(({ declared }) => declared.at.at("credential_field").string() ?? []);
      const mtls = Object.values(lowered.get(profile)?.mtls ?? {});
      const used = new Set<unknown>([
        ...own,
        ...fields,
        ...mtls,
        ...(profile.chain?.initial.map(({ key }) => key) ?? []),
      ]);
      // A profile that places nothing has a finding of its own.
      const isPlaced =
        placesCredential(profile.at) ||
        (!hasPlacement(profile.at) && profile.fields.some(({ key }) => used.has(key) || referred.has(key)));
      if (users.length === 0 || !isPlaced) continue;
      // A name that the chain asks for and no field has may be that of a field here.
      const asked = profile.chain?.initial ?? [];
      const given = new Set([...profile.fields, ...model.declared.settings].map(({ key }) => key));
      if (asked.some(({ key }) => !given.has(key))) continue;
      // A client id or secret that is missing has a finding of its own, and may be this one.
      if (
        own.includes("client_id") &&
        !["client_id", "client_secret"].every((key) => profile.fields.some((f) => f.key === key))
      )
        continue;
      for (const { key, at } of profile.fields)
        if (!used.has(key) && !referred.has(key))
          report({
            path: [...at.path, "key"],
            message: `Nothing uses the credential field \`${key}\`.`,
            label: "asked for, never sent",
            help: "Remove it, or place it with auth_headers or auth_query.",
            ...placement(profile.at),
          });
    }
  },
};

/** Where the profile says what is sent. */
function placement(at: Cursor): Pick<Finding, "related"> {
  const key = ["auth_headers", "auth_query", "auth_cookies"].find((one) => at.has(one));
  return key ? { related: [{ path: [...at.path, key], at: "key", message: "what the profile sends" }] } : {};
}

/** Fields that a type uses by itself; of types that are not listed, all are. */
const ownFields: { readonly [type: string]: readonly string[] } = {
  api_key: [],
  oauth2_client_credentials: ["client_id", "client_secret", "access_token", "refresh_token", "expires_at"],
  oauth2_authorization_code: ["client_id", "client_secret", "access_token", "refresh_token", "expires_at"],
  service_account: ["service_account_json", "access_token", "refresh_token", "expires_at"],
};

/** A user name, password or token goes where the profile says, and by itself only where it says nothing. */
function ownFieldsOf({ type, at }: DeclaredProfile): readonly string[] | undefined {
  if (type === "basic" || type === "bearer") return hasPlacement(at) ? [] : undefined;
  return ownFields[type];
}

/** No template of an operation, which could use any field, is broken. */
function areSettled({ lowering, operations }: Model): boolean {
  return !operations.some(({ declared }) => lowering.hasUnresolved("operation", declared.id));
}

/** No template of the profile that could use the field is broken. */
function isSettled({ lowering }: Model, { id, chain }: DeclaredProfile): boolean {
  return !lowering.hasUnresolved("profile", id) && !(chain && lowering.hasUnresolved("chain", chain.id));
}
