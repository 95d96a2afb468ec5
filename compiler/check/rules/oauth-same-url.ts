import type { Rule } from "../rule.ts";

export const oauthSameUrl: Rule = {
  id: "oauth/same-url",
  severity: "warning",
  summary: "One URL for people who sign in and for the exchange of tokens.",
  check: ({ declared }, report) => {
    for (const { at } of declared.profiles) {
      const authorize = at.at("oauth").at("authorize_url");
      const token = at.at("oauth").at("token_url");
      if (authorize.string() === undefined || authorize.string() !== token.string()) continue;
      report({
        path: authorize.path,
        message:
          "`authorize_url` and `token_url` are the same: a page for people answers no request for a token.",
        help: "Write the URL that each of the two has in the API's documentation.",
        related: [{ path: token.path, message: "the same URL" }],
      });
    }
  },
};
