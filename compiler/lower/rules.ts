import type { RuleInfo } from "../catalog.ts";

/** What is found while names are bound and templates, paths and URLs are parsed. */
export const lowerRules: { readonly [id: `${string}/${string}`]: RuleInfo } = {
  "template/syntax": {
    severity: "error",
    summary: "A template that cannot be read: an unclosed brace, an empty hole, no name in a hole.",
  },
  "template/unknown-name": {
    severity: "error",
    summary: "A hole names something that is not declared for its place.",
  },
  "template/ambiguous-name": {
    severity: "error",
    summary: "A bare name that two sources of the same kind declare.",
  },
  "template/unknown-function": { severity: "error", summary: "A function outside the closed list." },
  "template/arity": { severity: "error", summary: "A function with too few or too many arguments." },
  "template/argument": { severity: "error", summary: "An argument that the function does not take." },
  "template/bytes-in-text": { severity: "error", summary: "The bytes of a hash where a text must stand." },
  "template/repeated-hole": {
    severity: "warning",
    summary: "A hole twice in a row: its value would stand there twice.",
  },
  "template/mustache": {
    severity: "warning",
    summary:
      "A hole in the notation of another tool: `{{name}}` gives literal braces, `${name}` a dollar sign before the value, `<name>` itself.",
  },
  "template/bare-argument": {
    severity: "warning",
    summary: "An argument that is the text of a declared name, not its value.",
  },
  "chain/used-before-extracted": {
    severity: "error",
    summary: "A step uses what only a later step extracts.",
  },
  "template/unquoted": {
    severity: "error",
    summary: "A hole without quotes in a body, which YAML reads as a map.",
  },
  "url/literal-name": {
    severity: "error",
    summary:
      "In an endpoint, the text of a name where its value is meant: `{{name}}`, `${name}`, a bare argument.",
  },
  "url/scheme": { severity: "error", summary: "A URL without https:// (or http://) where it needs one." },
  "url/invalid": {
    severity: "error",
    summary: "A URL that cannot be one: no host, a fragment, a user name in it.",
  },
  "url/dot-segment": { severity: "error", summary: "A literal `.` or `..` in a path." },
  "url/empty-segment": {
    severity: "warning",
    summary: "Two slashes in a row in a path, with nothing between them.",
  },
  "url/parameter-in-host": { severity: "error", summary: "An operation's parameter would choose the host." },
  "jsonpath/invalid": { severity: "error", summary: "A JSONPath that RFC 9535 refuses." },
  "parameter/body-not-object": {
    severity: "error",
    summary: "A body parameter where the body is no object.",
  },
  "operation/body-shape": {
    severity: "error",
    summary: "A body that its content type cannot carry: a map as text, a list as a form.",
  },
  "parameter/body-conflict": { severity: "error", summary: "Two values at one place of the body." },
  "metadata/duplicate-slug": { severity: "error", summary: "Two connectors of one file with one slug." },
  "schema/file": {
    severity: "error",
    summary: "A schema file that cannot be read or lies outside the descriptor's folder.",
  },
};
