import { closest } from "../../../schema/language/spelling.ts";
import type { Rule } from "../rule.ts";

export const oauthClient: Rule = {
  id: "oauth/client",
  severity: "error",
  summary: "A client credentials profile without a client id or secret.",
  check: ({ declared }, report) => {
    for (const { at, type, fields, chain, open } of declared.profiles) {
      const oauth = at.at("oauth");
      if (type !== "oauth2_client_credentials" || chain || !oauth.exists || open) continue;
      const assertion = oauth.at("client_auth").string() === "private_key_jwt";
      for (const key of assertion ? ["client_id"] : ["client_id", "client_secret"]) {
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
          message: `No field is called \`${key}\`, and \`oauth.${key}\` does not name another.`,
          help: meant
            ? `Rename the field \`${meant}\`, or say \`${key}: "{${meant}}"\` under \`oauth\`.`
            : `Declare the field, or say \`${key}: "{your_field}"\` under \`oauth\`.`,
        });
      }
    }
  },
};
