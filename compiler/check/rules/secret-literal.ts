import type { Cursor } from "../../lower/cursor.ts";
import type { Rule } from "../rule.ts";

/** Prefixes that name an issued key, with the least length of what follows. */
const issued: readonly (readonly [RegExp, string])[] = [
  [/\b[sr]k_(?:live|test)_[0-9A-Za-z]{16,}/, "a Stripe key"],
  [/\bwhsec_[0-9A-Za-z]{24,}/, "a Stripe webhook secret"],
  [/\bgh[pousr]_[0-9A-Za-z]{30,}/, "a GitHub token"],
  [/\bgithub_pat_[0-9A-Za-z_]{30,}/, "a GitHub token"],
  [/\bglpat-[0-9A-Za-z_-]{20,}/, "a GitLab token"],
  [/\bxox[abeoprs]-[0-9A-Za-z-]{10,}/, "a Slack token"],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, "an AWS access key"],
  [/\bAIza[0-9A-Za-z_-]{35}/, "a Google API key"],
  [/\bya29\.[0-9A-Za-z_-]{20,}/, "a Google access token"],
  [/\bSG\.[0-9A-Za-z_-]{20,}\.[0-9A-Za-z_-]{20,}/, "a SendGrid key"],
  [/\bsk-(?:ant-|proj-)?[0-9A-Za-z_-]{24,}/, "an API key"],
  [/\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}/, "a Shopify token"],
  [/\bnpm_[0-9A-Za-z]{36}/, "an npm token"],
  [/\bdop_v1_[0-9a-f]{64}/, "a DigitalOcean token"],
  [/\bATATT[0-9A-Za-z_=-]{40,}/, "an Atlassian token"],
  [/-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/, "a private key"],
  [/\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}/, "a signed token"],
];

export const secretLiteral: Rule = {
  id: "secret/literal",
  severity: "error",
  summary:
    "A secret written into the descriptor: a known key form (error), or a text that looks like one (warning).",
  check: ({ declared }, report) => {
    const judge = (at: Cursor, text: string, place: Place): void => {
      const known = issued.find(([form]) => form.test(text));
      const shows = place === "prose" && isPlaceholder(known?.[0].exec(text)?.[0] ?? "");
      if (known && !shows) {
        const message = `This holds ${known[1]}.`;
        report({
          path: at.path,
          message,
          help: "Remove it, revoke it, and declare a credential field in its place.",
        });
      } else if (place === "credential" && !text.includes("{")) {
        const help = "Declare a credential field and write its name in braces.";
        report({ path: at.path, message: "A secret is written into the descriptor here.", help });
      } else if (place === "sent" && looksRandom(text)) {
        const help = "Declare a credential field and write its name in braces.";
        report({ path: at.path, message: "This text looks like a secret.", help, severity: "warning" });
      }
    };
    const visit = (at: Cursor, place: Place): void => {
      const text = at.string();
      if (text !== undefined) judge(at, text, place);
      for (const item of at.items()) visit(item, place);
      for (const [key, value] of at.entries()) visit(value, placeOf(key, value, place));
    };
    for (const { at } of declared.profiles) {
      for (const key of ["client_secret"]) judgeSecret(at.at("oauth").at(key));
      for (const key of ["consumer_secret", "token_secret"]) judgeSecret(at.at("oauth1").at(key));
      judgeSecret(at.at("aws_sigv4").at("secret_access_key"));
      judgeSecret(at.at("jwt").at("key"));
    }
    function judgeSecret(at: Cursor): void {
      const text = at.string();
      if (text !== undefined && !issued.some(([form]) => form.test(text))) judge(at, text, "credential");
    }
    visit(declared.root, "other");
  },
};

/** Where a text stands: prose may show what a key looks like, what is sent may not hold one. */
type Place = "other" | "prose" | "sent" | "credential";

function placeOf(key: string, { node }: Cursor, around: Place): Place {
  if (
    around !== "sent" &&
    node?.kind !== "map" &&
    /^(?:description|summary|note|label|example|examples|message)$/.test(key)
  )
    return "prose";
  return /^(?:auth_headers|auth_query|auth_cookies|headers|query|query_params|token_params)$/.test(key)
    ? "sent"
    : around;
}

/** `ghp_xxxxxxxx…`, `sk_live_your_key_here`: shown to say what a key looks like. */
function isPlaceholder(text: string): boolean {
  if (text.startsWith("-----")) return false;
  const body = text.replace(/^[A-Za-z]+[_.-](?:live_|pat_|v1_)?/, "");
  return (
    new Set(body.toLowerCase().replace(/[^a-z0-9]/g, "")).size < 6 ||
    /x{6}|1234567|abcdef|example|your/i.test(body)
  );
}

/** A long word of mixed letters and digits without holes, of high entropy. */
function looksRandom(text: string): boolean {
  for (const [word] of text.replace(/\{[^}]*\}/g, " ").matchAll(/[A-Za-z0-9+/_=-]{24,}/g)) {
    if (!/\d/.test(word) || !/[A-Za-z]/.test(word) || /^[\w.-]+\/[\w.+-]+$/.test(word) || isPlaceholder(word))
      continue;
    if (entropy(word) > 3.7) return true;
  }
  return false;
}

/** Shannon entropy, bits a character. */
function entropy(word: string): number {
  const counts = new Map<string, number>();
  for (const char of word) counts.set(char, (counts.get(char) ?? 0) + 1);
  return [...counts.values()].reduce(
    (sum, count) => sum - (count / word.length) * Math.log2(count / word.length),
    0,
  );
}
