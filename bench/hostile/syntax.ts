/** Texts that are hard on a parser, whatever they mean. */
import { fill, full, type HostileCase, json, yaml } from "./case.ts";

const deep = 100_000;

export const syntaxCases: readonly HostileCase[] = [
  yaml("an alias bomb", () =>
    Array.from({ length: 30 }, (_, level) =>
      level === 0 ? "a0: &a0 [x, x]" : `a${level}: &a${level} [*a${level - 1}, *a${level - 1}]`,
    ).join("\n"),
  ),
  yaml("100,000 levels of block maps", () => {
    const levels = 2000;
    return Array.from({ length: levels }, (_, level) => `${" ".repeat(level)}a:`)
      .join("\n")
      .slice(0, full);
  }),
  yaml("100,000 levels of block lists", () => `${"- ".repeat(deep)}x`),
  yaml("100,000 levels of flow lists", () => "[".repeat(deep)),
  yaml("100,000 levels of flow maps", () => "{a: ".repeat(deep)),
  yaml("100,000 explicit keys", () => `${"? ".repeat(deep)}x`),
  yaml("100,000 quotes that never close", () => `a: ${"'".repeat(deep + 1)}`),
  yaml("100,000 tags in a row", () => "!a ".repeat(deep)),
  yaml("100,000 anchors in a row", () => "&a ".repeat(deep)),
  json("100,000 levels of JSON lists", () => "[".repeat(deep)),
  json("100,000 levels of JSON maps", () => '{"a":'.repeat(deep)),
  yaml("nothing but aliases", () => fill("a: &a x\nb:\n", () => " - *a\n")),
  yaml("aliases of a map", () => fill("a: &a {b: c}\nb:\n", () => " - *a\n")),
  yaml("nothing but anchors", () => fill("b:\n", (index) => ` - &a${index} x\n`)),
  yaml("unknown aliases", () => fill("b:\n", (index) => ` - *a${index}\n`)),
  yaml("nothing but comments", () => fill("", () => "# a comment\n")),
  yaml("comments in a map", () => fill("", (index) => `a${index}: b # c\n# d\n`)),
  yaml("nothing but tags", () => fill("b:\n", () => " - !!str x\n")),
  yaml("unknown tags", () => fill("b:\n", (index) => ` - !t${index} x\n`)),
  yaml("one long line", () => fill("a: ", () => "xxxxxxxxxxxxxxxx")),
  yaml("one long quoted line", () => fill('a: "', () => "\\u0041", '"')),
  yaml("one long block scalar", () => fill("a: |\n", () => "  text of a line\n")),
  yaml("one long folded plain scalar", () => fill("a: b\n", () => "  text of a line\n")),
  yaml("one flow list", () => fill("a: [", () => "b, ", "b]")),
  yaml("one flow map", () => fill("a: {", (index) => `k${index}: b, `, "z: b}")),
  yaml("flow maps in a list", () => fill("a: [", () => "{b: c}, ", "b]")),
  yaml("many documents", () => fill("", () => "--- a\n")),
  yaml("many broken documents", () => fill("", () => "--- [\n")),
  yaml("many descriptors", () =>
    fill(
      "",
      (index) =>
        `---\nmetadata: { name: a, slug: s${index}, version: 1.0.0 }\nauthentication: []\noperations: []\n`,
    ),
  ),
  yaml("many directives", () => fill("", () => "%YAML 1.2\n", "---\na: b\n")),
  yaml("empty lines", () => fill("a: b\n", () => "\n")),
  yaml("carriage returns", () => fill("a: b\r", () => "\r")),
  yaml("a list of nulls", () => fill("", () => "-\n")),
  yaml("a list of empty maps", () => fill("", () => "- {}\n")),
  yaml("a map without values", () => fill("", (index) => `k${index}:\n`)),
  yaml("one key many times", () => fill("", () => "k: 1\n")),
  yaml("a map of numbers", () => fill("", (index) => `${index}: 1\n`)),
  yaml("nothing but colons", () => fill("", () => ":")),
  yaml("nothing but colons and blanks", () => fill("", () => ": ")),
  yaml("nothing but dashes", () => fill("", () => "-")),
  yaml("nothing but question marks", () => fill("", () => "?\n")),
  yaml("nothing but exclamation marks", () => fill("", () => "!")),
  yaml("nothing but tabs", () => fill("a:\n", () => "\t")),
  yaml("nothing but opened brackets, a line each", () => fill("", () => "a: [\n")),
  yaml("nothing but closed brackets", () => fill("", () => "]\n")),
  yaml("merge keys", () => fill("a: &a {}\nb:\n", () => "  <<: *a\n")),
  yaml("complex keys", () => fill("", (index) => `? [a${index}]\n: b\n`)),
  yaml("NUL bytes", () => fill("a: ", () => "\0")),
  yaml("lone surrogates", () => fill("metadata:\n", (index) => ` "\\ud800${index}": "\\udc00"\n`)),
  yaml("not UTF-8", () => Uint8Array.from({ length: full }, (_, index) => index % 256 || 1)),
  yaml("`__proto__` keys", () =>
    fill("metadata:\n", () => " - __proto__: { constructor: { prototype: 1 } }\n"),
  ),
  json("a JSON list of numbers", () => fill("[", () => "1e1,", "1]")),
  json("a JSON list of lists", () => fill("[", () => "[],", "[]]")),
  json("a JSON map of maps", () => fill("{", (index) => `"k${index}":{"a":1},`, '"z":1}')),
  json("one JSON key many times", () => fill("{", () => '"k":1,', '"k":1}')),
  json("one long JSON text of escapes", () => fill('{"a":"', () => "\\ud800", '"}')),
  json("broken JSON of 2 MiB", () => fill('{"a":[', () => "1, ")),
];
