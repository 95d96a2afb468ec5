/** Texts that something obeys somewhere: terminals, logs of CI systems, Markdown, HTML, XML, SARIF. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const hostileTexts: readonly string[] = [
  "",
  "plain",
  "\u001b[2J\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007",
  "\u009b31mred",
  "a\rb\nc\r\nd\u2028e\u2029f\u0085g",
  "\n::error file=x::pwned",
  "  ::set-output name=a::b",
  "\n\t::add-mask::x",
  "##[error]pwned",
  "###[group]x",
  "##vso[task.setvariable variable=a]b",
  "##teamcity[buildProblem description='x']",
  "%0A::error::x%25%3A",
  "a,b:c%,title=x::y",
  "[click](https://evil.example) ![img](https://evil.example/x.png) <https://evil.example>",
  "[a\\](b) [c]: https://evil.example",
  "@octocat #1 GH-1 owner/repo#2 https://evil.example www.evil.example mail@evil.example",
  "`",
  "``",
  "` `` ```",
  "`a",
  "a`",
  " a ",
  "```\n@octocat\n```\n",
  "~~~\n<b>x</b>",
  "<script>alert(1)</script><!-- --><img src=x onerror=alert(1)>",
  "</failure></testcase>]]><!--",
  "&lt;&amp;&#64;octocat",
  "| a | b |\n| - | - |",
  "$`x`$ $$x$$",
  "{0} {1} {{2}} {name}",
  "\u202Eevil\u202C \u2066x\u2069 \u200b\u200d\ufeff\u00ad\u034f",
  "\u{e0041}\u{e0042}\u{e007f} \ufe01 \u{e0101}",
  "\ud800 lone \udc00",
  "\ufffe\uffff\u0000\u0001\u000b",
  "日本語 👩‍👩‍👧 é ❤️ ﷽ ﹏",
  "__proto__",
  `${"x".repeat(5_000)}\u001b`,
];

/** Strings of the shared corpora, where this machine has them. */
export function corpusTexts(): readonly string[] | undefined {
  const folder = join(import.meta.dirname, "../../../../shared/corpus/suites");
  const files = ["blns/blns.json", "injection/codegen-strings.json", "injection/param-values.json"].map(
    (file) => `${folder}/${file}`,
  );
  if (!files.every((file) => existsSync(file))) {
    console.warn(`skipped: ${folder} has no naughty strings`);
    return undefined;
  }
  return files.flatMap((file) => textsOf(JSON.parse(readFileSync(file, "utf8"))));
}

/** Lists of strings, or of records whose `value` is one. */
function textsOf(list: unknown): string[] {
  if (!Array.isArray(list)) throw new Error("the corpus is no list");
  return list.flatMap((one: unknown) => {
    const value = typeof one === "object" && one !== null && "value" in one ? one.value : one;
    return typeof value === "string" ? [value] : [];
  });
}

/** What no output for people or logs may hold, beside the line feeds of its own. */
export const unseen: RegExp =
  /[\u{0}-\u{9}\u{b}-\u{1f}\u{7f}-\u{9f}\u{ad}\u{61c}\u{180e}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{206f}\u{feff}\u{fff9}-\u{fffb}\u{e0000}-\u{e007f}]/u;
