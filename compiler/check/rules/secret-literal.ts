import type { Cursor } from "../../lower/cursor.ts";
import { isPlaceholder, issuedKey, looksRandom } from "../flow/literals.ts";
import type { Rule } from "../rule.ts";

export const secretLiteral: Rule = {
  id: "secret/literal",
  severity: "error",
  summary:
    "A secret written into the descriptor: a known key form (error), or a text that looks like one (warning).",
  check: ({ declared }, report) => {
    const judge = (at: Cursor, text: string, place: Place): void => {
      const known = issuedKey(text);
      const shows = place === "prose" && isPlaceholder(known?.text ?? "");
      if (known && !shows) {
        const message = `This holds ${known.what}.`;
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
      if (text !== undefined && !issuedKey(text)) judge(at, text, "credential");
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
