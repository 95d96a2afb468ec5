import type { Finding } from "../../../compiler/diagnostics.ts";
import { read } from "../../../compiler/read/read.ts";
import { type Validated, validate } from "../../../compiler/validate/validate.ts";

/** A finding, the text that its span covers, and the document's judged form. */
export interface Shown {
  readonly rule: string;
  readonly shown: string;
  readonly finding: Finding;
}

/** Reads a text and judges its structure. */
export function judge(text: string): { readonly found: readonly Shown[]; readonly judged: Validated } {
  const findings: Finding[] = [];
  const report = (finding: Finding): void => void findings.push(finding);
  const { documents, text: decoded } = read(text, "yaml", () => report);
  const [document] = documents;
  if (!document) throw new Error("no document was read");
  const judged = validate(document.root, report);
  const found = findings.map((finding) => ({
    rule: finding.rule,
    shown: decoded.slice(finding.span?.start, finding.span?.end),
    finding,
  }));
  return { found, judged };
}
