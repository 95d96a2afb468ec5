import { closest } from "../../../schema/language/spelling.ts";
import type { Rule } from "../rule.ts";

export const oauthClient: Rule = {
  id: "oauth/client",
  severity: "error",
  summary: "An OAuth 2 profile without what its client proves itself with.",
  check: ({ declared }, report) => {
    for (const { at, type, fields, chain, open } of declared.profiles) {
      const oauth = at.at("oauth");
      if (!type.startsWith("oauth2_") || chain || !oauth.exists || open) continue;
      const auth = oauth.at("client_auth").string() ?? "body";
      if (auth === "private_key_jwt" && !oauth.at("client_assertion").has("key"))
        report({
          path: [...oauth.path, "client_auth"],
          message: "Nothing says how the client's assertion is signed.",
          help: 'Add `client_assertion: { key: "{private_key}" }` under `oauth`, and declare the field.',
        });
      const isSecretless = auth === "private_key_jwt" || auth === "none";
      for (const key of isSecretless ? ["client_id"] : ["client_id", "client_secret"]) {
        if (oauth.has(key) || fields.some((field) => field.key === key)) continue;
        const meant = closest(
          key,
          fields.map((field) => field.key),
        );
        const misspelt = fields.find((field) => field.key === meant && !field.implied);
        report({
          ...(misspelt
            ? { path: [...misspelt.at.path, "key"] }
            : { path: at.has("fields") ? [...at.path, "fields"] : oauth.path, at: "key" }),
          label: misspelt ? "is this the one?" : `no \`${key}\` among these`,
          related: [{ path: oauth.path, at: "key", message: `\`${key}\` may name another field here` }],
          message: `No field is called \`${key}\`, and \`oauth.${key}\` does not name another.`,
          help: meant
            ? `Rename the field \`${meant}\`, or say \`${key}: "{${meant}}"\` under \`oauth\`.`
            : `Declare the field, or say \`${key}: "{your_field}"\` under \`oauth\`.`,
        });
      }
    }
  },
};
