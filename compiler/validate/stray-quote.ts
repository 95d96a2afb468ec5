/** A quote that closes a text which none opens: in a name or a reference a sure slip, in prose a likely one. */
import type { Finding } from "../diagnostics.ts";
import type { Pointer, ScalarNode } from "../read/tree.ts";

/** A text that ends with a quote; one that has a partner in the text belongs to it. */
export function strayText({ value, style }: ScalarNode): string | undefined {
  if (style !== "plain" || typeof value !== "string" || value.length < 2) return undefined;
  const quote = value.at(-1);
  if (quote !== '"' && quote !== "'") return undefined;
  return value.split(quote).length === 2 ? value : undefined;
}

/** In prose `12"` are inches, and `users'` is a genitive. */
export function isWord(text: string, isProse: boolean): boolean {
  return (isProse && /\d"$/.test(text)) || /s'$/i.test(text);
}

export function strayQuote({ span }: ScalarNode, path: Pointer, isSure: boolean): Finding {
  return {
    rule: isSure ? "yaml/unopened-quote" : "yaml/stray-quote",
    path,
    span: { start: span.end - 1, end: span.end },
    message: "No quote begins this text: the one at its end is a part of it.",
    label: "a part of the text",
    help: "Remove it, or put the whole text in quotes.",
    replace: "",
    ...(isSure ? { covers: [span] } : { yields: span }),
  };
}
