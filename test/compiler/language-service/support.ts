/** Texts with a cursor in them, for the tests of the language service. */
import { readFileSync } from "node:fs";
import { type Analysis, analyze } from "../../../compiler/language-service/analysis.ts";
import { completionsAt } from "../../../compiler/language-service/completion/completion.ts";
import { type CompletionItem, withoutStops } from "../../../compiler/language-service/completion/items.ts";

/** A descriptor with something of everything. */
export const desk: string = readFileSync(new URL("../../support/base.yaml", import.meta.url), "utf8");

/** The descriptor with one text in another's place, in which `‸` is the cursor. */
export function deskWith(there: string, here: string): string {
  if (desk.split(there).length !== 2) throw new Error(`"${there}" does not stand once in the descriptor`);
  return desk.replace(there, () => here);
}

export interface Marked {
  readonly text: string;
  readonly offset: number;
}

export function marked(source: string): Marked {
  const offset = source.indexOf("‸");
  if (offset < 0) throw new Error("there is no cursor");
  return { text: source.replace("‸", ""), offset };
}

export async function analyzed(source: string): Promise<Marked & { readonly analysis: Analysis }> {
  const { text, offset } = marked(source);
  return { text, offset, analysis: await analyze(text) };
}

export async function complete(source: string): Promise<readonly CompletionItem[]> {
  const { text, offset } = marked(source);
  return completionsAt(text, offset);
}

/** Labels in the order in which an editor shows them. */
export async function labels(source: string): Promise<readonly string[]> {
  const items = await complete(source);
  return [...items].sort((a, b) => a.rank - b.rank).map(({ label }) => label);
}

/** The text after the item of that label was taken, its stops left empty. */
export async function taken(source: string, label: string): Promise<string> {
  const { text } = marked(source);
  const items = await complete(source);
  const item = items.find((one) => one.label === label);
  if (!item) throw new Error(`no ${label} among ${items.map((one) => one.label).join(", ")}`);
  const { span, insert, snippet } = item;
  return text.slice(0, span.start) + (snippet ? withoutStops(insert) : insert) + text.slice(span.end);
}
