import { closest, list } from "../../../schema/language/spelling.ts";
import type { DeclaredProfile } from "../../lower/declared.ts";
import type { Rule } from "../rule.ts";

export const authenticationMissingSettings: Rule = {
  id: "authentication/missing-settings",
  severity: "error",
  summary: "A profile that lacks what its type makes tokens or signatures of.",
  check: ({ declared, lowering }, report) => {
    for (const profile of declared.profiles) {
      if (profile.chain || profile.open || lowering.lostKey(profile.at.path)) continue;
      const settings = profile.at.at(profile.type);
      const broken = settings.exists && (lowering.isBroken(settings.path) || lowering.lostKey(settings.path));
      const missing = broken ? [] : (needs[profile.type]?.(profile) ?? []);
      if (missing.length === 0) continue;
      const [key = ""] = missing;
      const meant = closest(
        key,
        profile.fields.filter(({ implied }) => !implied).map((field) => field.key),
      );
      report({
        path: settings.exists ? settings.path : [...profile.at.path, "type"],
        ...(settings.exists ? { at: "key" as const } : {}),
        message: `A profile of type ${profile.type} needs ${list(missing)}.`,
        help: meant
          ? `Rename the field \`${meant}\` to \`${key}\`, or name it in a template under \`${profile.type}\`.`
          : (helps[profile.type] ?? "Declare the fields."),
      });
    }
  },
};

/** What is missing, by type; a part comes from the type's section or from the field of its name. */
const needs: { readonly [type: string]: (profile: DeclaredProfile) => readonly string[] } = {
  jwt: ({ at }) => (at.at("jwt").has("key") ? [] : ["jwt.key"]),
  // Its section and the service in it are required by the schema.
  aws_sigv4: (profile) => absent(profile, ["access_key_id", "secret_access_key"]),
  oauth1: (profile) => [...absent(profile, ["consumer_key", "consumer_secret"]), ...loginUrls(profile)],
  digest: (profile) => userAndPassword(profile),
  wsse: (profile) => userAndPassword(profile),
  service_account: ({ fields }) => (fields.length > 0 ? [] : ["service_account_json"]),
};

const helps: { readonly [type: string]: string } = {
  jwt: 'Say how the token is signed: `jwt: { key: "{private_key}", claims: { … } }`.',
  aws_sigv4: "Declare the keys as fields, or name others in templates under `aws_sigv4`.",
  oauth1:
    "Declare the fields, or name others in templates under `oauth1`; a login needs all three of its URLs.",
};

function absent({ at, type, fields }: DeclaredProfile, keys: readonly string[]): readonly string[] {
  return keys.filter((key) => !at.at(type).has(key) && !fields.some((field) => field.key === key));
}

/** A name that is not secret and a password that is, whatever they are called. */
function userAndPassword({ fields }: DeclaredProfile): readonly string[] {
  const user = fields.some(({ key, secret }) => key === "username" || !secret);
  const password = fields.some(({ key, secret }) => key === "password" || secret);
  return [...(user ? [] : ["username"]), ...(password ? [] : ["password"])];
}

function loginUrls({ at }: DeclaredProfile): readonly string[] {
  const urls = ["request_token_url", "authorize_url", "access_token_url"];
  const given = urls.filter((url) => at.at("oauth1").has(url));
  return given.length === 0 ? [] : urls.filter((url) => !given.includes(url));
}
