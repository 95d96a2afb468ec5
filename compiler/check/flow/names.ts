/** What a name says about the value under it: `access_token` is a secret, `instance_url` is none, `value` says nothing. */
export type Secrecy = "secret" | "public" | "unknown";

const secretWords: ReadonlySet<string> = new Set(
  (
    "token secret password passwd passphrase passcode pwd key apikey session sessionid sid jsessionid phpsessid jwt " +
    "cookie ticket auth authorization credential credentials bearer assertion csrf xsrf otp"
  ).split(" "),
);

const publicWords: ReadonlySet<string> = new Set(
  (
    "url uri href host hostname domain origin endpoint instance base region datacenter dc zone cluster shard pod " +
    "server tenant org organization organisation account workspace site cloud company team project realm user " +
    "username email id uuid guid number name version type scope scopes expires expiry expiration expire exp ttl " +
    "lifetime issued created updated time date locale language status"
  ).split(" "),
);

/** As the last word these make a fact about a secret of one: `token_type`, `session_expires_at`, `auth_url`. */
const facts: ReadonlySet<string> = new Set(
  "type expires expiry expiration exp ttl lifetime at in url uri endpoint host domain scope scopes name issued created version count".split(
    " ",
  ),
);

/** Judges by the words of a name, in any of the usual spellings. */
export function secrecyOfName(name: string): Secrecy {
  const words = wordsOf(name);
  const last = words.at(-1) ?? "";
  if (words.some((word) => secretWords.has(word))) {
    const identifies = last === "id" && words.at(-2) !== "session";
    return words.length > 1 && (facts.has(last) || identifies || words.includes("public"))
      ? "public"
      : "secret";
  }
  return words.some((word) => publicWords.has(word)) ? "public" : "unknown";
}

/** Names that can hold nothing but a credential, wherever they are met; `token` or `key` alone may be anything. */
export function isCredentialName(name: string): boolean {
  return /^(?:access_token|refresh_token|id_token|session_token|auth_token|bearer_token|client_secret|api_secret|app_secret|secret_key|secret_access_key|private_key|api_key|apikey|password|passwd|passphrase)$/.test(
    wordsOf(name).join("_"),
  );
}

/** `instanceUrl`, `instance-url` and `INSTANCE_URL` as their words in lower case. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}
