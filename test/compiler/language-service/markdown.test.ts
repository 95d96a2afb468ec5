import { expect, it } from "vitest";
import { code, prose, withoutMarkup } from "../../../compiler/language-service/markdown.ts";

it.each([
  [
    "strong text and code",
    "**`method`**: one of a list, default `GET`",
    "method: one of a list, default GET",
  ],
  [
    "headings and links",
    "# Why\n\nSee [RFC 9535](https://www.rfc-editor.org/rfc/rfc9535).",
    "Why\n\nSee RFC 9535.",
  ],
  ["blocks of code", "So:\n\n```yaml\nmethod: GET # `x`\n```\nDone.", "So:\n\nmethod: GET # `x`\n\nDone."],
  ["what prose has made inert", prose("a *b* [c](d) `e` \\ f"), "a *b* [c](d) `e` \\ f"],
  ["code with backticks in it", code("a `b` **c**"), " a `b` **c** "],
])("leaves out the markup of %s", (_, markdown, plain) => {
  expect(withoutMarkup(markdown)).toBe(plain);
});
