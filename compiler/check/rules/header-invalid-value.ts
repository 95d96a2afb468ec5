import { namedHeaders } from "../headers.ts";
import type { Rule } from "../rule.ts";

export const headerInvalidValue: Rule = {
  id: "header/invalid-value",
  severity: "error",
  summary: "A header value with a line break, another control character, or text that no header can carry.",
  check: (model, report) => {
    for (const { value } of namedHeaders(model)) {
      const text = value?.string();
      if (value === undefined || text === undefined) continue;
      const literal = literalText(text);
      // RFC 9110, section 5.5. What is hashed or signed in a hole may have lines.
      if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(literal))
        report({
          path: value.path,
          message: "A header value cannot hold line breaks or control characters.",
          help: "Write the value on one line (in YAML, >- folds it but keeps inner breaks of |).",
        });
      const foreign = /[^\u0000-\u00ff]/u.exec(literal)?.[0];
      if (foreign !== undefined)
        report({
          path: value.path,
          message: `A header value cannot hold "${foreign}": what is not Latin-1 has no agreed encoding there.`,
          help: "Write it in the encoding that the API documents, such as {url('…')} or {base64('…')}.",
        });
    }
  },
};

/** A template without its holes, whose values are encoded or refused when they are known. */
function literalText(text: string): string {
  let literal = "";
  let level = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (level === 0 && (char === "{" || char === "}") && text[at + 1] === char) at++;
    else if (char === "{") level++;
    else if (char === "}") level--;
    else if (level === 0) literal += char;
  }
  return literal;
}
