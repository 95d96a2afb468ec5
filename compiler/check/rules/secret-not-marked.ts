import type { Rule } from "../rule.ts";

const secretKey =
  /(?:^|[_-])(?:secret|password|passwd|passphrase|token|api[_-]?key|apikey|private[_-]?key|secret[_-]?key|access[_-]?key|credentials?)$/i;

export const secretNotMarked: Rule = {
  id: "secret/not-marked",
  severity: "warning",
  summary: "A field whose key says secret, but that is not marked as one.",
  check: ({ declared }, report) => {
    for (const { fields } of declared.profiles)
      for (const { key, secret, implied, type, at } of fields)
        if (!implied && !secret && type === "string" && secretKey.test(key))
          report({
            path: [...at.path, "key"],
            message: `\`${key}\` looks like a secret, but is not marked as one: it may be stored and shown in the clear.`,
            help: "Say `secret: true` (or `field_type: secret`).",
          });
    for (const { key, at } of declared.settings)
      if (secretKey.test(key))
        report({
          path: [...at.path, "key"],
          message: `\`${key}\` looks like a secret, but connection settings are not secret.`,
          help: "Declare it as a credential field of a profile.",
        });
  },
};
