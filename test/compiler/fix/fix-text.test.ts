import { describe, expect, it } from "vitest";
import { applyFixes } from "../../../compiler/fix/apply.ts";
import { fixText } from "../../../compiler/fix/fix-text.ts";
import { lineMap } from "../../../compiler/read/lines.ts";
import type { Diagnostic } from "../../../schema/diagnostic.ts";

/** A finding on each match of a word, mended by what `put` makes of it. */
function findings(text: string, word: RegExp, put: (match: string) => string): Diagnostic[] {
  const lines = lineMap(text);
  return [...text.matchAll(word)].map((match) => {
    const range = lines.range({ start: match.index, end: match.index + match[0].length });
    return {
      file: "a.yaml",
      document: 0,
      rule: "test/word",
      severity: "error",
      message: `${match[0]} is wrong.`,
      path: `/${match[0]}`,
      range,
      fix: { title: "Mend it", edits: [{ text: put(match[0]), range }] },
    };
  });
}

describe("applying fixes", () => {
  it("puts each at its place, whatever their order", () => {
    const text = "one two\nthree two\n";
    const found = findings(text, /two|three/g, (word) => word.toUpperCase()).reverse();
    expect(applyFixes(text, found).text).toBe("one TWO\nTHREE TWO\n");
  });

  it("leaves one that overlaps an earlier one for the next round, whole", () => {
    const text = "one two three";
    const [two] = findings(text, /two/g, () => "2");
    const [wide] = findings(text, /two three/g, () => "many");
    const [three] = findings(text, /three/g, () => "3");
    if (!two || !wide || !three) throw new Error("not found");
    const { text: after, applied } = applyFixes(text, [wide, two, three]);
    expect(applied).toEqual([wide]);
    expect(after).toBe("one many");
  });

  it("does not insert twice at one place", () => {
    const text = "a b";
    const [at] = findings(text, /b/g, () => "x ");
    if (!at?.fix) throw new Error("not found");
    const start = at.range.start;
    const insert = { ...at, fix: { title: "", edits: [{ text: "x ", range: { start, end: start } }] } };
    expect(applyFixes(text, [insert, { ...insert }])).toMatchObject({ text: "a x b", applied: [insert] });
  });

  it("keeps what follows a place on lines that end in CR, LF or both", () => {
    const text = "a\rbad\r\nbad\nbad";
    expect(
      applyFixes(
        text,
        findings(text, /bad/g, () => "good"),
      ).text,
    ).toBe("a\rgood\r\ngood\ngood");
  });
});

describe("fixing a text", () => {
  it("goes on until nothing is left that a mend uncovers", async () => {
    const check = async (text: string) =>
      findings(text, /\(.*\)/g, (word) => word.slice(1, -1)).map((one) => ({
        ...one,
        severity: "warning" as const,
      }));
    expect(await fixText("((((a))))", check)).toMatchObject({
      text: "a",
      fixed: { length: 4 },
      diagnostics: [],
    });
  });

  it("takes back the one mend that does not hold, and keeps the others", async () => {
    const check = async (text: string) =>
      findings(text, /bad\d/g, (word) => (word === "bad3" ? "bad3!" : "good"));
    const { text, fixed, diagnostics } = await fixText("bad1 bad2 bad3 bad4 bad5", check);
    expect(text).toBe("good good bad3 good good");
    expect(fixed.length).toBe(4);
    expect(diagnostics.map(({ message }) => message)).toEqual(["bad3 is wrong."]);
  });

  it("takes back a mend that brings another error", async () => {
    const check = async (text: string) =>
      findings(text, /bad|worse/g, (word) => (word === "bad" ? "worse" : "bad"));
    expect(await fixText("bad", check)).toMatchObject({ text: "bad", fixed: [] });
  });

  it("ends where mends never end", async () => {
    const check = async (text: string) =>
      findings(text, /a+$/g, (word) => `${word}a`).map((one) => ({ ...one, severity: "warning" as const }));
    const { text } = await fixText("a", check);
    expect(text.length).toBeLessThan(100);
  });
});
