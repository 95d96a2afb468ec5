import type { Cursor } from "../../lower/cursor.ts";
import type { Hop } from "../flow/hops.ts";
import { issuedKey, looksRandom } from "../flow/literals.ts";
import type { Rule } from "../rule.ts";

export const secretInExample: Rule = {
  id: "secret/in-example",
  severity: "warning",
  summary: "An example, a default or a description of a secret that looks like a real one.",
  check: ({ declared }, report) => {
    const judge = (at: Cursor, what: string, marked: Hop): void => {
      const text = at.string();
      // A known key form has a finding of its own.
      if (text === undefined || issuedKey(text) || !looksRandom(text, 16, 3)) return;
      report({
        path: at.path,
        message: `${what} looks like a real secret: everyone who has the descriptor can read it.`,
        label: "shown to everyone",
        help: "If it is real, revoke it. Show the form only, such as your-api-key.",
        related: [marked],
      });
    };
    for (const profile of declared.profiles)
      for (const { key, at, secret, implied } of profile.fields) {
        if (!secret || implied) continue;
        const marked = markOf(at, key);
        judge(at.at("example"), `The example of \`${key}\``, marked);
        judge(at.at("description"), `A word in the description of \`${key}\``, marked);
      }
    for (const operation of declared.operations)
      for (const { name, type, at } of operation.parameters) {
        if (type !== "secret" && type !== "password") continue;
        const marked = markOf(at, name);
        judge(at.at("example"), `The example of \`${name}\``, marked);
        judge(at.at("description"), `A word in the description of \`${name}\``, marked);
        for (const [, example] of operation.at.at("examples").entries())
          judge(example.at("params").at(name), `The example of \`${name}\``, marked);
        const fallback = at.at("default_value");
        const text = fallback.string();
        if (text === undefined || text === "" || issuedKey(text)) continue;
        report({
          path: fallback.path,
          message: `The default of the secret \`${name}\` is known to everyone who has the descriptor.`,
          label: "sent by every caller that gives none",
          help: "Remove the default: a caller that knows the secret gives it.",
          related: [marked],
        });
      }
  },
};

/** The key that says secret. */
function markOf(at: Cursor, key: string): Hop {
  const by = at.at("secret").boolean() === true ? "secret" : "field_type";
  return { path: [...at.path, by], at: "key", message: `\`${key}\` is declared a secret here` };
}
