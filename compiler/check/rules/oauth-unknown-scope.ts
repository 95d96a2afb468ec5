import { closest, list, nearestFirst } from "../../../schema/language/spelling.ts";
import { inStyle } from "../../validate/words.ts";
import type { Rule } from "../rule.ts";

export const oauthUnknownScope: Rule = {
  id: "oauth/unknown-scope",
  severity: "error",
  summary: "A default scope that `scopes` does not list.",
  check: ({ declared, lowering }, report) => {
    for (const { at } of declared.profiles) {
      const scopes = at.at("oauth").at("scopes");
      if (!scopes.exists || lowering.isBroken(scopes.path)) continue;
      if (scopes.items().some(({ path }) => lowering.isBroken(path) || lowering.isBroken([...path, "name"])))
        continue;
      const known = scopes.items().flatMap((scope) => scope.string() ?? scope.at("name").string() ?? []);
      for (const item of at.at("oauth").at("default_scopes").items()) {
        const name = item.string();
        if (name === undefined || known.includes(name)) continue;
        const meant = closest(name, known);
        report({
          path: item.path,
          message: `The scope "${name}" is not among \`scopes\`.`,
          label: "not listed",
          help: meant
            ? `Did you mean "${meant}"?`
            : known.length === 0
              ? "List it under `scopes`, which lists none."
              : `The scopes are ${list(nearestFirst(name, known))}.`,
          ...(meant && item.scalar ? { replace: inStyle(meant, item.scalar) } : {}),
          related: [{ path: scopes.path, at: "key", message: "scopes are listed here" }],
        });
      }
    }
  },
};
