import type { Rule } from "../rule.ts";

const needed: { readonly [type: string]: readonly string[] } = {
  oauth2_authorization_code: ["authorize_url", "token_url"],
  oauth2_client_credentials: ["token_url"],
};

export const oauthMissingUrl: Rule = {
  id: "oauth/missing-url",
  severity: "error",
  blocking: true,
  summary: "A URL that the profile's grant needs is missing.",
  check: ({ declared, lowering }, report) => {
    for (const { at, type, fields } of declared.profiles) {
      const oauth = at.at("oauth");
      if (oauth.node?.kind !== "map" || lowering.lostKey(oauth.path)) continue;
      // A key file says where its assertions go; one that the descriptor writes does not.
      const asserts = oauth.has("assertion") && !fields.some((field) => field.type === "json");
      const wanted = type === "service_account" && asserts ? ["token_url"] : (needed[type] ?? []);
      const missing = wanted.filter((key) => !oauth.has(key) && !lowering.isBroken([...oauth.path, key]));
      if (missing.length > 0)
        report({
          path: oauth.path,
          at: "missing",
          message: `${missing.map((key) => `\`${key}\``).join(" and ")} ${missing.length > 1 ? "are" : "is"} missing: ${type} needs ${missing.length > 1 ? "them" : "it"}.`,
          related: [{ path: [...at.path, "type"], message: "this type needs it" }],
          help: `Add ${missing.map((key) => `\`${key}: https://…\``).join(" and ")} under \`oauth\`.`,
        });
    }
  },
};
