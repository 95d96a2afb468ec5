import type { RuleInfo } from "../catalog.ts";

/** What is found while the text is read. */
export const readRules: { readonly [id: `${string}/${string}`]: RuleInfo } = {
  "file/empty": { severity: "error", summary: "The file holds no descriptor." },
  "file/encoding": { severity: "error", summary: "The file is not UTF-8." },
  "file/other-kind": { severity: "error", summary: "The file is a compiled connector or a connection file." },
  "file/too-large": {
    severity: "error",
    summary:
      "More than a descriptor may hold: 2 MiB of YAML or 16 MiB of JSON, 150,000 tokens of YAML, 20,000 pairs of an operation and a profile.",
  },
  "file/too-many-findings": { severity: "error", summary: "The file has more findings than are shown." },
  "file/not-text": { severity: "error", summary: "The file is binary." },
  "json/syntax": { severity: "error", summary: "The text is not valid JSON (RFC 8259)." },
  "yaml/syntax": { severity: "error", summary: "The text is not valid YAML 1.2." },
  "yaml/duplicate-key": { severity: "error", summary: "A key stands twice in one map." },
  "yaml/key": { severity: "error", summary: "A key is no plain text." },
  "yaml/swallowed-entry": {
    severity: "warning",
    summary: "An entry of a list that is indented deeper than the one above it, and so continues its text.",
  },
  "yaml/merge-key": { severity: "error", summary: "A merge key (`<<`), which YAML 1.2 does not have." },
  "yaml/number": { severity: "error", summary: "A number is not finite." },
  "yaml/unknown-tag": { severity: "error", summary: "A YAML tag that descriptors do not use." },
  "yaml/unknown-alias": { severity: "error", summary: "An alias without an anchor before it." },
  "yaml/alias-bomb": { severity: "error", summary: "Aliases that stand for too much." },
  "yaml/too-deep": { severity: "error", summary: "Nesting past 200 levels." },
  "names/forbidden": {
    severity: "error",
    summary: "A name that JavaScript gives a meaning of its own: `__proto__`, `constructor`, `prototype`.",
  },
};
