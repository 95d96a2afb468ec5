import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Finding } from "../../compiler/diagnostics.ts";
import { readPlain } from "../../compiler/read/plain/reader.ts";
import { readYaml } from "../../compiler/read/yaml.ts";

/**
 * The reader of plain YAML may give up, but what it reads, it reads as the parser of the whole language does: the same
 * tree, the same positions, the same findings.
 */
const root = new URL("../../", import.meta.url);
const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
  (file) => /^(?:test|descriptors|schema)\/.*\.ya?ml$/.test(file) && !file.includes("node_modules"),
);
const texts = files.map((file) => readFileSync(new URL(file, root), "utf8"));

/** False where the text is not plain. */
function isReadAlike(text: string): boolean {
  const mine: [number, Finding][] = [];
  const plain = readPlain(text, (document) => (finding) => mine.push([document, finding]));
  if (typeof plain === "number") return false;
  const theirs: [number, Finding][] = [];
  const whole = readYaml(text, (document) => (finding) => theirs.push([document, finding]));
  expect(plain.map((one) => one.root)).toEqual(whole.map((one) => one.root));
  expect(mine).toEqual(theirs);
  return true;
}

test("nearly all descriptors of this project are plain, and read alike", () => {
  const plain = texts.filter(isReadAlike).length;
  expect(plain).toBeGreaterThan(files.length * 0.85);
});

describe("forms that authors write", () => {
  test.each([
    ["a list at the level of its key", "a:\n- b\n- c: d\n  e: f\ng: h\n"],
    ["lists in lists", "- - a\n  - b\n-\n  - c\n- \n"],
    ["keys without a value", "a:\nb:   # why\nc:\n  d:\n"],
    ["quotes and escapes", "a: \"\\u00e9 \\\"x\\\" \\ud83d\\ude00 \\x41\\n\"\n'it''s': 'don''t'\n"],
    [
      "numbers and words",
      "a: [0x1F, 0o17, -1.5e3, .5, 007, 1_000, ~, Null, TRUE, yes, -, 1.]\n".replace(" -,", ""),
    ],
    ["flow collections of several lines", "a: [b, # c\n  { d: e,\n    f },\n  'g' ]\nh: {}\n"],
    ["flow keys beside their values", '{"a":1, b: [], "c":{"d":2}}\n'],
    ["literal text", "a: |\n  b\n\n    c\n  d  \n\ne: |-\n  f\n"],
    ["folded text", "a: >\n  b\n  c\n\n  d\n    e\n  f\ng: >-\n  h\n  i\n"],
    ["colons and hashes in text", "a: b:c#d http://e.f/#g\nh: i # j\n"],
    ["documents", "# one\n---\na: b\n---\nc: d\n---\n"],
    ["Windows lines", "a: b\r\nc:\r\n  - d\r\n"],
    ["a key twice", "a: 1\nb: 2\na: 1\n"],
  ])("%s", (_, text) => {
    expect(isReadAlike(text)).toBe(true);
  });
});

describe("what is left to the whole parser", () => {
  test.each([
    ["anchors", "a: &b c\nd: *b\n"],
    ["tags", "a: !!str 1\n"],
    ["texts of several lines", "a: b\n  c\n"],
    ["quotes of several lines", 'a: "b\n  c"\n'],
    ["complex keys", "? a\n: b\n"],
    ["a tab", "a:\tb\n"],
    ["a second colon", "a: b: c\n"],
    ["a key too deep", "a: b\n   c: d\n"],
    ["a bracket left open", "a: [b\nc: d\n"],
    ["kept blank lines", "a: |+\n  b\n\n"],
    ["an alias as a host", "a: *.example.com\n"],
    ["an end marker", "a: b\n...\n"],
  ])("%s", (_, text) => {
    expect(isReadAlike(text)).toBe(false);
  });
});

test("slips in real files are read alike, or left", () => {
  const pieces = [
    " ",
    "\n",
    "  ",
    "-",
    "- ",
    ":",
    ": ",
    " #",
    "'",
    '"',
    "{",
    "}",
    "[",
    "]",
    ",",
    "|",
    ">",
    "1",
    "\t",
    "&",
    "\r\n",
    "---\n",
    "\\",
    "~",
  ];
  const random = randomNumbers(20261121);
  let alike = 0;
  for (let round = 0; round < 1500; round++) {
    const text = texts[random(texts.length)] ?? "";
    const at = random(text.length);
    const slip =
      text.slice(Math.max(0, at - 400), at) +
      (pieces[random(pieces.length)] ?? "") +
      text.slice(at + random(3), at + 400);
    if (isReadAlike(slip.slice(slip.indexOf("\n") + 1))) alike++;
  }
  expect(alike).toBeGreaterThan(100);
});

/** The same numbers for the same seed (mulberry32). */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
