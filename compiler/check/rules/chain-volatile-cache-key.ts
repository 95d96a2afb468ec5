import { type ParsedCall, type ParsedTemplate, parseTemplate } from "../../../schema/language/template.ts";
import { allChains } from "../../lower/oauth-after.ts";
import type { Rule } from "../rule.ts";

export const chainVolatileCacheKey: Rule = {
  id: "chain/volatile-cache-key",
  severity: "warning",
  summary: "A `cache_key` that is another one each time.",
  check: ({ declared, lowering }, report) => {
    for (const { steps } of allChains(declared))
      for (const { at } of steps) {
        const key = at.at("cache_key");
        const text = key.string();
        const parsed = text === undefined ? undefined : parseTemplate(text);
        const call = parsed && "template" in parsed ? volatileCall(parsed.template) : undefined;
        if (!call) continue;
        report({
          path: key.path,
          ...(key.scalar ? { span: lowering.span(key.scalar, call.start, call.end) } : {}),
          message: `\`${call.name}\` gives another value each time: what is kept under this key is never found again, neither by another connection nor after a restart.`,
          help: "Split entries by what a connection has of its own, such as a setting, or remove `cache_key`: all that flows into the step is part of its key already.",
          related: at.has("ttl_seconds")
            ? [{ path: [...at.path, "ttl_seconds"], message: "kept for nothing" }]
            : [],
        });
      }
  },
};

function volatileCall({ parts }: ParsedTemplate): ParsedCall | undefined {
  for (const part of parts) {
    if (part.kind !== "call") continue;
    if (isVolatile(part)) return part;
    for (const argument of part.args) {
      const inner = volatileCall(argument);
      if (inner) return inner;
    }
  }
  return undefined;
}

/** A day as a key keeps its entry for that day. */
function isVolatile({ name, args }: ParsedCall): boolean {
  const [first] = args[0]?.parts ?? [];
  return name === "uuid" || (name === "now" && !(first?.kind === "text" && first.text === "date"));
}
