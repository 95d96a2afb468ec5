/** What a person sees of a finding: the places in their lines, the labels, and what to do. */
import { describe, expect, it } from "vitest";
import { displayWidth } from "../../../compiler/render/width.ts";
import { createRenderer } from "../../../compiler/render.ts";
import type { Diagnostic } from "../../../schema/diagnostic.ts";
import { finding, range } from "../../cli/report/reporting.ts";

function drawn(text: string, given: Partial<Diagnostic>, columns?: number): string {
  const options = { color: false, ...(columns === undefined ? {} : { columns }) };
  return createRenderer(text, options)(finding({ message: "No.", rule: "a/b", ...given }));
}

/** Lines without their gutter. */
function frame(text: string, given: Partial<Diagnostic>, columns?: number): string[] {
  return drawn(text, given, columns)
    .split("\n")
    .flatMap((line) => /^ *\d* \|(?: (.*))?$/.exec(line)?.[1] ?? []);
}

const here = { file: "desk.yaml" };

describe("the frame of a finding", () => {
  it("has the label behind the carets", () => {
    expect(drawn("a: beerer", { range: range("1:4-10"), label: "used here" })).toBe(
      ["error: No. [a/b]", " --> desk.yaml:1:4", "  |", "1 | a: beerer", "  |    ^^^^^^ used here", ""].join(
        "\n",
      ),
    );
  });

  it("joins labels of one line to their places", () => {
    const related = [
      { ...here, message: "names the host", range: range("1:6-9") },
      { ...here, message: "and here", range: range("1:11-14") },
    ];
    expect(frame("u: {a}{b} {c}", { range: range("1:4-5"), label: "sent here", related })).toEqual([
      "u: {a}{b} {c}",
      "   ^ ---  --- and here",
      "   | |",
      "   | names the host",
      "   sent here",
    ]);
  });

  it("draws places of neighbouring lines in the order of the text", () => {
    const related = [{ ...here, message: "the first one", range: range("1:1-2") }];
    expect(frame("a: 1\n# between\na: 2", { range: range("3:1-2"), related })).toEqual([
      "a: 1",
      "- the first one",
      "# between",
      "a: 2",
      "^",
    ]);
  });

  it("draws distant places in frames of their own, in the order of the explanation", () => {
    const related = [
      { ...here, message: "second", range: range("9:1-2") },
      { ...here, message: "third", range: range("5:1-2") },
    ];
    const text = drawn("a\n".repeat(9), { range: range("1:1-2"), related });
    expect(text.match(/::: line \d/g)).toEqual(["::: line 9", "::: line 5"]);
  });

  it("names a place in another file, and draws nothing of it", () => {
    const related = [{ file: "b.yaml", message: "declared here", range: range("7:2-3") }];
    expect(drawn("a: 1", { range: range("1:1-2"), related })).toContain(":: b.yaml:7:2 declared here\n");
  });

  it.each([
    ["wide characters", "日本: beerer", "1:5-11", 6, 6],
    ["emoji", "👍🏽 ❤️: beerer", "1:10-16", 9, 6],
    ["combining marks", "e\u0301a: beerer", "1:6-12", 4, 6],
    ["tabs", "\t\ta: beerer", "1:6-12", 5, 6],
    ["what is shown as an escape", "\u202e: beerer", "1:4-10", 10, 6],
    ["lone surrogates", "\ud800: beerer", "1:4-10", 3, 6],
    ["wide characters that are meant", "a: 日本", "1:4-6", 3, 4],
  ])("puts carets under their place after %s", (_, text, place, before, length) => {
    const [line = "", carets = ""] = frame(text, { range: range(place) });
    expect(carets).toBe(" ".repeat(before) + "^".repeat(length));
    if (length === 6) expect(displayWidth(line.slice(0, line.indexOf("beerer")))).toBe(before);
  });

  it.each([40, 80, 200])("cuts a long line around the place on a terminal of %i columns", (columns) => {
    const text = `${"日本 {x} ".repeat(300)}beerer${" # and on".repeat(300)}`;
    const at = text.indexOf("beerer") + 1;
    const [line = "", carets = ""] = frame(text, { range: range(`1:${at}-${at + 6}`) }, columns);
    expect(displayWidth(line)).toBeLessThanOrEqual(Math.max(45, columns));
    expect(line).toMatch(/^….*beerer.*…$/);
    expect(carets).toBe(`${" ".repeat(displayWidth(line.slice(0, line.indexOf("beerer"))))}^^^^^^`);
  });

  it("shows nothing unseen past marks that take no cell", () => {
    const text = `${"e\u0301".repeat(300)}\u202e beerer`;
    const lines = frame(text, { range: range("1:1-2") }, 80);
    expect(lines[0]).toMatch(/^(?:e\u0301)+…$/);
  });

  it("keeps a second place of a long line in sight", () => {
    const text = `${"x".repeat(500)}beerer`;
    const related = [{ ...here, message: "begins here", range: range("1:1-2") }];
    const lines = frame(text, { range: range("1:501-507"), related }, 80);
    expect(lines).toEqual([
      expect.stringMatching(/^…x+beerer$/),
      expect.stringMatching(/^ +\^{6}$/),
      expect.stringMatching(/^x+…$/),
      "- begins here",
    ]);
  });
});

describe("what to do", () => {
  const edit = { text: "bearer", range: range("1:1-2") };

  it("is said once where the help has the mend", () => {
    const fix = { title: "Write `bearer`", edits: [edit] };
    const text = drawn("a", { help: "Did you mean `bearer`?", suggestion: edit, fix });
    expect(text).toContain("= help: Did you mean `bearer`?");
    expect(text).not.toMatch(/= (?:fix|write):/);
  });

  it("is said once where the help has the words of the mend", () => {
    const fix = { title: "Remove the second `a`", edits: [{ ...edit, text: "" }] };
    expect(drawn("a", { help: "Remove the second a.", fix })).not.toContain("= fix:");
    expect(drawn("a", { help: "Keep one of them.", fix })).toContain("= fix: Remove the second `a`\n");
  });

  it("is the title of the mend where the help has it not", () => {
    const fix = { title: "Rename `a` to `bearer`", edits: [edit] };
    expect(drawn("a", { suggestion: edit, fix })).toContain("= fix: Rename `a` to `bearer`\n");
    expect(drawn("a", { suggestion: edit })).toContain("= write: bearer\n");
  });

  it("keeps the lines of a help of several, none of which a CI log obeys", () => {
    expect(drawn("a", { help: "Write:\n  a: 1\n::error::x" })).toContain(
      "= help: Write:\n      a: 1\n    \\u{3a}:error::x\n",
    );
  });
});
