import type { DeclaredField } from "../../lower/declared.ts";
import { createFind } from "../../lower/find.ts";
import { adviseName } from "../meant.ts";
import type { Rule } from "../rule.ts";

const findField = createFind<DeclaredField>(({ key }) => key);

export const chainInitialCredential: Rule = {
  id: "chain/initial-credential",
  severity: "error",
  blocking: true,
  summary: "A credential that the chain requires is neither a field of the profile nor a connection setting.",
  check: ({ declared }, report) => {
    for (const { at, chain, fields, hasFields, id, open } of declared.profiles) {
      if (!chain || !hasFields || open || declared.open.settings) continue;
      const isKnown = (key: string): boolean =>
        findField(fields, key) !== undefined || findField(declared.settings, key) !== undefined;
      const missing = chain.initial.filter(({ key }) => !isKnown(key));
      if (missing.length === 0) continue;
      const known = [...fields, ...declared.settings].map((field) => ({
        name: field.key,
        ...(field.implied ? {} : { path: [...field.at.path, "key"] }),
      }));
      for (const { key, at: item } of missing) {
        const advice = adviseName(key, { value: item }, known, (shown) => `Declared are ${shown}.`);
        report({
          path: item.path,
          message: `The profile \`${id}\` has no field \`${key}\`, and no connection setting has that key.`,
          ...advice,
          related: advice.related ?? [
            { path: [...at.path, "fields"], at: "key", message: "the profile's fields" },
          ],
        });
      }
    }
  },
};
