import type { Finding } from "../../diagnostics.ts";
import { Cursor } from "../../lower/cursor.ts";
import type { Node, ScalarNode } from "../../read/tree.ts";
import { inStyle, replacing } from "../../validate/words.ts";
import { isPlaceholder, issuedKey, looksRandom, shortestSecret } from "../flow/literals.ts";
import type { Rule } from "../rule.ts";

export const secretLiteral: Rule = {
  id: "secret/literal",
  severity: "error",
  summary:
    "A secret written into the descriptor: a known key form (error), or a text that looks like one (warning).",
  check: ({ declared, lowering }, report) => {
    const judge = (at: Cursor, text: string, place: Place): void => {
      const known = issuedKey(text);
      const shows = known && place === "prose" && isPlaceholder(known.text);
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
      } else if (place === "sent" && looksRandom(text) && !lowering.isBroken(at.path)) {
        const help = "Declare a credential field and write its name in braces.";
        report({ path: at.path, message: "This text looks like a secret.", help, severity: "warning" });
      }
    };
    const path: (string | number)[] = [];
    const visit = (node: Node, place: Place): void => {
      if (node.kind === "map")
        node.entries.forEach(({ key, value }) => {
          path.push(key);
          visit(value, placeOf(key, value, place));
          path.pop();
        });
      else if (node.kind === "list")
        for (let index = 0; index < node.items.length; index++) {
          const item = node.items[index];
          path.push(index);
          if (item) visit(item, place);
          path.pop();
        }
      else if (typeof node.value === "string" && node.value.length >= shortestSecret)
        judge(new Cursor(node, [...path]), node.value, place);
    };
    for (const { at, fields } of declared.profiles)
      for (const [section, keys] of credentialKeys) {
        if (!at.has(section)) continue;
        const names = new Set(fields.map(({ key }) => key));
        for (const key of keys) judgeCredential(at.at(section).at(key), names);
      }
    function judgeCredential(at: Cursor, names: ReadonlySet<string>): void {
      const text = at.string();
      if (text === undefined || issuedKey(text)) return;
      if (names.has(text)) report(bareName(at, text));
      else if (secretKeys.has(String(at.path.at(-1)))) judge(at, text, "credential");
    }
    if (declared.root.node) visit(declared.root.node, "other");
  },
};

/** Where a profile says by a template what proves who is calling. */
const credentialKeys: readonly (readonly [section: string, keys: readonly string[]])[] = [
  ["oauth", ["client_id", "client_secret"]],
  ["oauth1", ["consumer_key", "consumer_secret", "token", "token_secret"]],
  ["aws_sigv4", ["access_key_id", "secret_access_key", "session_token"]],
  ["jwt", ["key", "key_id"]],
];

/** Those that are secret whatever they hold; the others may be written out. */
const secretKeys: ReadonlySet<string> = new Set([
  "client_secret",
  "consumer_secret",
  "token_secret",
  "secret_access_key",
  "key",
]);

/** The name of a credential field without its braces. */
function bareName(at: Cursor, name: string): Omit<Finding, "rule"> {
  const { scalar } = at;
  const text = scalar && scalar.style !== "block" ? quotedLike(`{${name}}`, scalar) : undefined;
  return {
    path: at.path,
    message: `This is the text "${name}", not the value of the credential field \`${name}\`.`,
    label: "sent as it stands",
    help: `Write "{${name}}".`,
    ...(scalar && text !== undefined ? { fix: replacing(scalar.span, name, text, `"{${name}}"`) } : {}),
  };
}

/** A text with braces stands in quotes, or YAML reads a map. */
function quotedLike(text: string, scalar: ScalarNode): string {
  return scalar.style === "plain" ? JSON.stringify(text) : inStyle(text, scalar);
}

/** Where a text stands: prose may show what a key looks like, what is sent may not hold one. */
type Place = "other" | "prose" | "sent" | "credential";

function placeOf(key: string, node: Node, around: Place): Place {
  if (around !== "sent" && node.kind !== "map" && proseKeys.has(key)) return "prose";
  return sentKeys.has(key) ? "sent" : around;
}

const proseKeys: ReadonlySet<string> = new Set([
  "description",
  "summary",
  "note",
  "label",
  "example",
  "examples",
  "message",
]);
const sentKeys: ReadonlySet<string> = new Set([
  "auth_headers",
  "auth_query",
  "auth_cookies",
  "headers",
  "query",
  "query_params",
  "token_params",
]);
