/** Renaming changes the name and nothing else: every name of a descriptor, held against what it is compiled to. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { compileText } from "../../../compiler/compile.ts";
import { analyze } from "../../../compiler/language-service/analysis.ts";
import { apply, rename } from "../../../compiler/language-service/rename.ts";
import type { Connector } from "../../../schema/ir.ts";
import { desk } from "./support.ts";

const odd = readFileSync(new URL("odd-names.yaml", import.meta.url), "utf8");
const fresh = "zq9x_new";

it.each([
  ["the usual places", desk],
  ["odd ones: aliases, flow maps, texts of several lines with escapes, qualified names", odd],
  ["odd ones, with the line breaks of Windows", odd.replaceAll("\n", "\r\n")],
])("keeps the content through every renaming in %s", async (_title, text) => {
  const before = content((await compileText(text)).connectors, undefined);
  const analysis = await analyze(text);
  let renamed = 0;
  for (const { symbols, occurrences } of analysis.documents.map((document) => document.symbols()))
    for (const symbol of symbols) {
      const place = occurrences.find((one) => one.exact && one.symbols.includes(symbol));
      if (!place) continue;
      const edits = await rename(analysis, place.span.start, fresh, {});
      if ("refused" in edits) {
        expect(edits.refused).toMatch(/is implied|has a meaning of its own/);
        continue;
      }
      renamed += 1;
      const after = await compileText(apply(text, edits));
      expect(content(after.connectors, symbol.name), `${symbol.kind} ${symbol.name}`).toBe(before);
    }
  expect(renamed).toBeGreaterThan(20);
});

/** The IR as text, a new name put back, maps and lists in one order. */
function content(connectors: readonly { readonly ir: Connector }[], old: string | undefined): string {
  const irs = connectors.map(({ ir }) => ({ ...ir, content_hash: "" }));
  const text = JSON.stringify(irs);
  return ordered(JSON.parse(old === undefined ? text : text.replaceAll(fresh, old)));
}

function ordered(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(ordered).sort().join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inner]) => `${key}:${ordered(inner)}`);
  return `{${entries.sort().join()}}`;
}
