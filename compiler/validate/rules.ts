import type { Severity } from "../../schema/diagnostic.ts";

/** The rules that this phase reports: what a descriptor's structure, and its embedded JSON Schemas, may be. */
export const structureRules: Readonly<
  Record<StructureRule, { readonly severity: Severity; readonly summary: string }>
> = {
  "structure/unknown-key": {
    severity: "error",
    summary: "A key that the descriptor language does not know.",
  },
  "structure/misplaced-key": {
    severity: "error",
    summary: "A key that belongs to another section or level.",
  },
  "structure/missing-key": { severity: "error", summary: "A required key is missing." },
  "structure/wrong-type": {
    severity: "error",
    summary: "A value of the wrong type, or a key without a value.",
  },
  "structure/not-allowed": { severity: "error", summary: "A value that is none of the accepted ones." },
  "structure/sent-key": {
    severity: "warning",
    summary: "A key of the language among headers or query parameters: it is sent, and not obeyed.",
  },
  "structure/null-entry": {
    severity: "warning",
    summary: "A header, a cookie or a query parameter whose value is null, and that so is never sent.",
  },
  "structure/duplicate-entry": {
    severity: "warning",
    summary: "A list of values, each of which counts once, that holds one of them twice.",
  },
  "structure/length": { severity: "error", summary: "A text, list or map that is too short or too long." },
  "structure/pattern": { severity: "error", summary: "A text that does not have the required form." },
  "structure/range": { severity: "error", summary: "A number outside its range." },
  "structure/language-version": {
    severity: "error",
    summary: "A language version that this compiler does not know.",
  },
  "structure/reserved-section": {
    severity: "warning",
    summary: "A section that is known, but not supported by this version.",
  },
  "schema/invalid": { severity: "error", summary: "An embedded JSON Schema that is no valid schema." },
  "schema/unknown-keyword": {
    severity: "warning",
    summary: "A keyword that JSON Schema 2020-12 does not know, and that so has no effect.",
  },
  "yaml/unopened-quote": {
    severity: "error",
    summary: "A name, a reference or a word of the language without quotes that ends with one.",
  },
  "yaml/stray-quote": {
    severity: "warning",
    summary: "A text without quotes that ends with one, which so becomes a part of it.",
  },
  "yaml/stray-mark": {
    severity: "warning",
    summary:
      "A comma behind a value, a second colon behind a key, or typographic quotes: each becomes a part of the text.",
  },
  "yaml/outer-blank": {
    severity: "warning",
    summary: "A name, a reference, an address or a header that begins or ends with a blank.",
  },
  "names/look-alike": {
    severity: "warning",
    summary:
      "A letter that looks like another one, or a character that is not seen, in what the language reads.",
  },
};

/** The ids of `structureRules`. */
export type StructureRule =
  | `structure/${"unknown-key" | "misplaced-key" | "missing-key" | "wrong-type" | "not-allowed"}`
  | "structure/duplicate-entry"
  | "structure/sent-key"
  | "structure/null-entry"
  | `structure/${"length" | "pattern" | "range" | "language-version" | "reserved-section"}`
  | `schema/${"invalid" | "unknown-keyword"}`
  | `yaml/${"stray-quote" | "unopened-quote" | "stray-mark" | "outer-blank"}`
  | "names/look-alike";
