import { closest, list } from "../../../schema/language/spelling.ts";
import type { Rule } from "../rule.ts";

export const chainInitialCredential: Rule = {
  id: "chain/initial-credential",
  severity: "error",
  blocking: true,
  summary: "A credential that the chain requires is neither a field of the profile nor a connection setting.",
  check: ({ declared }, report) => {
    for (const { at, chain, fields, hasFields, id, open } of declared.profiles) {
      if (!chain || !hasFields || open || declared.open.settings) continue;
      const known = [...fields.map(({ key }) => key), ...declared.settings.map(({ key }) => key)];
      for (const { key, at: item } of chain.initial) {
        if (known.includes(key)) continue;
        const meant = closest(key, known);
        report({
          path: item.path,
          message: `The profile \`${id}\` has no field \`${key}\`, and no connection setting has that key.`,
          help: meant ? `Did you mean \`${meant}\`?` : `Declared are ${list(known)}.`,
          ...(meant ? { replace: meant } : {}),
          related: [{ path: [...at.path, "fields"], at: "key", message: "the profile's fields" }],
        });
      }
    }
  },
};
