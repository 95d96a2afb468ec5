import type { ValueSymbol } from "../../../schema/ir.ts";
import type { Model } from "../../lower/lower.ts";
import type { Hop } from "../flow/hops.ts";
import type { Rule } from "../rule.ts";
import { usesOf } from "../uses.ts";

const secretKey =
  /(?:^|[_-])(?:secret|password|passwd|passphrase|token|api[_-]?key|apikey|private[_-]?key|secret[_-]?key|access[_-]?key|credentials?)$/i;

/** How the pattern's words end: most keys end otherwise, and need no pattern that takes a third of a millisecond to make. */
const endings = ["secret", "word", "passwd", "phrase", "token", "key", "credential", "credentials"];

function soundsSecret(key: string): boolean {
  const low = key.toLowerCase();
  return endings.some((ending) => low.endsWith(ending)) && secretKey.test(key);
}

export const secretNotMarked: Rule = {
  id: "secret/not-marked",
  severity: "warning",
  summary: "A field whose key says secret, but that is not marked as one.",
  check: (model, report) => {
    const { declared, lowering } = model;
    for (const { fields } of declared.profiles)
      for (const { key, secret, implied, type, at } of fields)
        if (
          !implied &&
          !secret &&
          type === "string" &&
          soundsSecret(key) &&
          // A key that stands twice has a finding of its own.
          fields.filter((field) => field.key === key).length === 1 &&
          !lowering.isBroken([...at.path, "field_type"]) &&
          !lowering.isBroken([...at.path, "secret"]) &&
          !lowering.lostKey(at.path)
        )
          report({
            path: [...at.path, "key"],
            message: `\`${key}\` looks like a secret, but is not marked as one: it may be stored and shown in the clear.`,
            label: "named like a secret",
            help: "Say `secret: true` (or `field_type: secret`).",
            related: firstUse({ kind: "credential", key }, model),
          });
    for (const { key, at } of declared.settings)
      if (soundsSecret(key))
        report({
          path: [...at.path, "key"],
          message: `\`${key}\` looks like a secret, but connection settings are not secret.`,
          label: "named like a secret",
          help: "Declare it as a credential field of a profile.",
          related: firstUse({ kind: "setting", key }, model),
        });
  },
};

/** Where it is sent first. */
function firstUse(symbol: ValueSymbol, model: Model): readonly Hop[] {
  const [used] = usesOf(model).of(symbol);
  return used ? [{ path: used.path, span: used.span, message: "it is sent here" }] : [];
}
