import type { ValueSymbol } from "../../../schema/ir.ts";
import type { Reference } from "../../lower/lowering.ts";
import type { Hop } from "../flow/hops.ts";
import type { Rule } from "../rule.ts";

const secretKey =
  /(?:^|[_-])(?:secret|password|passwd|passphrase|token|api[_-]?key|apikey|private[_-]?key|secret[_-]?key|access[_-]?key|credentials?)$/i;

export const secretNotMarked: Rule = {
  id: "secret/not-marked",
  severity: "warning",
  summary: "A field whose key says secret, but that is not marked as one.",
  check: ({ declared, lowering }, report) => {
    for (const { fields } of declared.profiles)
      for (const { key, secret, implied, type, at } of fields)
        if (
          !implied &&
          !secret &&
          type === "string" &&
          secretKey.test(key) &&
          !lowering.isBroken([...at.path, "field_type"])
        )
          report({
            path: [...at.path, "key"],
            message: `\`${key}\` looks like a secret, but is not marked as one: it may be stored and shown in the clear.`,
            label: "named like a secret",
            help: "Say `secret: true` (or `field_type: secret`).",
            related: usesOf({ kind: "credential", key }, lowering.references),
          });
    for (const { key, at } of declared.settings)
      if (secretKey.test(key))
        report({
          path: [...at.path, "key"],
          message: `\`${key}\` looks like a secret, but connection settings are not secret.`,
          label: "named like a secret",
          help: "Declare it as a credential field of a profile.",
          related: usesOf({ kind: "setting", key }, lowering.references),
        });
  },
};

/** Where it is sent first. */
function usesOf(symbol: ValueSymbol, references: readonly Reference[]): readonly Hop[] {
  const wanted = JSON.stringify(symbol);
  const used = references.find((reference) => JSON.stringify(reference.symbol) === wanted);
  return used ? [{ path: used.path, span: used.span, message: "it is sent here" }] : [];
}
