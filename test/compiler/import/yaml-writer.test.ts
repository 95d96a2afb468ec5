import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { Notes } from "../../../compiler/import/notes.ts";
import { renderDescriptor } from "../../../compiler/import/write/render.ts";
import { writeYaml } from "../../../compiler/import/write/yaml-writer.ts";
import type { Descriptor } from "../../../schema/descriptor.ts";
import type { Json, JsonObject } from "../../../schema/json.ts";

/** Pieces that YAML gives a meaning, beside any text at all. */
const hostile = fc.array(
  fc.oneof(
    fc.constantFrom(
      "\n",
      "\n\n",
      "\r",
      "\r\n",
      "\t",
      " ",
      "  ",
      ": ",
      " #",
      "- ",
      "---",
      "...",
      "? ",
      "&a",
      "*a",
      "!t",
    ),
    fc.constantFrom(
      "'",
      '"',
      "`",
      "%YAML",
      "{",
      "}",
      "[",
      "]",
      ",",
      "|",
      ">",
      "|-",
      "@",
      "\\",
      "<<",
      "=",
      "~",
      "null",
    ),
    fc.constantFrom(
      "yes",
      "0x1F",
      "1e3",
      ".5",
      "1_000",
      "12:30:45",
      "2024-01-01",
      "\u0000",
      "\u0085",
      "\u2028",
      "\ufeff",
      "\u202e",
    ),
    fc.constantFrom("a long word and another one that goes on ", "x".repeat(130), "é", "日本", "😀"),
    fc.string({ unit: "grapheme", maxLength: 12 }),
  ),
  { maxLength: 12 },
);
const text = hostile.map((parts) => parts.join("").toWellFormed());
const key = text.filter((name) => name !== "__proto__");
const scalar = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const model = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: "small" },
    scalar,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 5, noNullPrototype: true }),
  ),
}));
const root = fc.dictionary(key, model.value, { minKeys: 1, maxKeys: 5, noNullPrototype: true });

/** Comments on every map, of texts that would like to be more. */
function commented(value: Json, words: readonly string[], notes: Notes): void {
  if (typeof value !== "object" || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    for (const word of words) notes.comment(value, Array.isArray(value) ? undefined : name, word);
    commented(inner, words, notes);
  }
}

describe("the YAML that an import writes", () => {
  it("reads as what was meant, whatever its texts and keys, and whatever its comments say", () => {
    fc.assert(
      fc.property(root, fc.array(text, { maxLength: 2 }), (meant, words) => {
        const notes = new Notes();
        commented(meant, words, notes);
        // Fails by itself where our own reader finds anything else in the text.
        const written = renderDescriptor(meant as unknown as Descriptor, notes, words);
        expect(written).toBeDefined();
      }),
      { numRuns: 100 },
    );
  });

  it("is read alike by another parser", () => {
    fc.assert(
      fc.property(root, (meant) => {
        expect(parse(writeYaml(meant as JsonObject, new Notes()))).toEqual(meant);
      }),
      { numRuns: 100 },
    );
  });
});
