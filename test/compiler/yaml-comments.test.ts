import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readComments } from "../../compiler/read/yaml-comments.ts";

const parts = [
  ..."#:-,[]{}&*!|>'\"%@`?\\ \t\n",
  "\r\n",
  "a",
  "# x",
  "---\n",
  "...\n",
  ": ",
  "- ",
  "|\n  ",
  ">-\n",
  "é",
  "\u2028",
  "\ufeff",
  "\x1f",
  "\x02",
  "\x18",
  "\ud800",
];

describe("comments of YAML", () => {
  it("are found where they stand, in any text", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 60 }), (chosen) => {
        const text = chosen.join("");
        for (const { start, end, text: comment, after, next } of readComments(text, "")) {
          expect(text.slice(start, end)).toBe(comment);
          expect(comment.startsWith("#")).toBe(true);
          if (after) expect(after.end).toBeLessThanOrEqual(start);
          if (next !== undefined) expect(next).toBeGreaterThanOrEqual(end);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("are told from values that look like them", () => {
    const text = `a: "x # no" # one
b: | # two
  # no
c: 'y
  # no' # three
d: [e#no, # four
 f] # five
# six
`;
    expect(readComments(text, "#").map((comment) => comment.text)).toEqual([
      "# one",
      "# two",
      "# three",
      "# four",
      "# five",
      "# six",
    ]);
    expect(readComments(text, "thr").map((comment) => comment.text)).toEqual(["# three"]);
  });
});
