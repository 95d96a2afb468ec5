import type { Rule } from "../rule.ts";

/** What only a login in a browser needs. */
const loginKeys = [
  "authorize_url",
  "authorize_params",
  "authorize_fragment",
  "callback",
  "issuer",
  "pkce",
] as const;

/** What only a token that a login gave needs: other grants ask for another token. */
const refreshKeys = ["refresh_url", "refresh_params", "refresh", "keep_refresh_token"] as const;

const clientKeys = ["client_id", "client_secret", "client_auth", "client_assertion"] as const;

interface Unused {
  readonly keys: readonly string[];
  readonly because: string;
  readonly help: string;
}

const login: Unused = {
  keys: loginKeys,
  because: "no user logs in",
  help: "Remove it, or say `type: oauth2_authorization_code`.",
};
const refresh: Unused = {
  keys: refreshKeys,
  because: "no token is refreshed: another one is asked for",
  help: "Remove it, or say `type: oauth2_authorization_code`.",
};
const assertion: Unused = {
  keys: ["assertion", "subject"],
  because: "no assertion stands in for a login",
  help: "Remove it, or say `type: service_account`.",
};
const client: Unused = {
  keys: clientKeys,
  because: "the assertion stands in for the client",
  help: "Remove it, or send it by `token_params`.",
};

const unused: { readonly [type: string]: readonly Unused[] } = {
  oauth2_authorization_code: [assertion],
  oauth2_client_credentials: [login, refresh, assertion],
  service_account: [login, refresh, client],
};

export const oauthUnusedKey: Rule = {
  id: "oauth/unused-key",
  severity: "warning",
  summary: "A key of `oauth` that the profile's grant has no use for.",
  check: ({ declared }, report) => {
    for (const { type, at, chain } of declared.profiles) {
      if (chain) continue;
      const oauth = at.at("oauth");
      for (const { keys, because, help } of unused[type] ?? [])
        for (const key of keys.filter((one) => oauth.has(one)))
          report({
            path: [...oauth.path, key],
            at: "key",
            message: `\`${key}\` has no effect: with ${type} ${because}.`,
            help,
            related: [{ path: [...at.path, "type"], message: `not of this type` }],
          });
    }
  },
};
