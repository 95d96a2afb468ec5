import type { Finding } from "../../diagnostics.ts";
import type { Cursor } from "../../lower/cursor.ts";
import type { Rule } from "../rule.ts";

/** What only a login in a browser needs. */
const loginKeys = [
  "authorize_url",
  "authorize_params",
  "authorize_fragment",
  "authorize_anchor",
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

/** A GET has no body, whatever is said of its format. */
function unreadFormats(oauth: Cursor): Omit<Finding, "rule">[] {
  const methods = { token: oauth.at("token_method"), refresh: oauth.at("refresh").at("method") };
  const calls = [
    { format: oauth.at("body_format"), methods: [methods.token] },
    { format: oauth.at("refresh").at("body_format"), methods: [methods.refresh, methods.token] },
  ];
  return calls.flatMap(({ format, methods: said }) => {
    const method = said.find((one) => one.exists);
    const isUnread = method?.string() === "GET" && ["form", "json"].includes(format.string() ?? "");
    // Refresh requests that are POSTs take the general format.
    const serves = format.path.at(-2) !== "refresh" && methods.refresh.string() === "POST";
    if (!isUnread || serves || !method) return [];
    return [
      {
        path: format.path,
        at: "key" as const,
        message: "`body_format` has no effect: a GET carries its parameters in the query.",
        help: "Remove it, or send a POST.",
        related: [{ path: method.path, message: "the GET" }],
      },
    ];
  });
}

export const oauthUnusedKey: Rule = {
  id: "oauth/unused-key",
  severity: "warning",
  summary: "A key of `oauth` that the profile's grant has no use for.",
  check: ({ declared }, report) => {
    for (const { type, at, chain } of declared.profiles) {
      const oauth = at.at("oauth");
      if (chain) {
        if (oauth.exists)
          report({
            path: oauth.path,
            at: "key",
            message: "`oauth` has no effect: the chain obtains the credential.",
            help: "Say `type: bearer` without it, or remove `credential_chain_id`.",
            related: [{ path: [...at.path, "credential_chain_id"], message: "obtained here" }],
          });
        continue;
      }
      for (const unread of unreadFormats(oauth)) report(unread);
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
