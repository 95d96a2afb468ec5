/** The descriptors that are mutated: those that ship, and the examples of the language reference. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { descriptorOf, languageExamples } from "../../docs/language-examples.ts";
import type { Way } from "./write.ts";

export interface Original {
  readonly title: string;
  readonly data: unknown;
  /** The places below which it is mutated: of an example, what the page shows. */
  readonly roots: readonly Way[];
}

export function originals(): readonly Original[] {
  const shipped = ["github", "jira-cloud", "securonix"].map((title): Original => {
    const file = new URL(`../../../descriptors/${title}/connector.yaml`, import.meta.url);
    return { title, data: parse(readFileSync(file, "utf8")), roots: [[]] };
  });
  const examples = languageExamples()
    .filter(({ error }) => error === undefined)
    .map((example): Original => {
      // The page's examples and what stands around them are data; undefined entries are none.
      const data: unknown = JSON.parse(JSON.stringify(descriptorOf(example)));
      return { title: `example ${example.title}`, data, roots: rootsOf(example) };
    });
  return [...shipped, ...examples];
}

function rootsOf({ kind, text }: { readonly kind: string; readonly text: string }): readonly Way[] {
  if (kind === "operation") return [["operations", 0]];
  if (kind === "profile") return [["authentication", 0]];
  if (kind === "part") return Object.keys(parse(text, { merge: true })).map((key) => [key]);
  return [[]];
}
