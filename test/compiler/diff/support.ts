import { readFileSync } from "node:fs";
import { type ConnectorDiff, diffConnectors } from "../../../compiler/diff/diff.ts";
import { compile } from "../../../compiler/index.ts";
import type { Connector } from "../../../schema/ir.ts";

export const base: string = readFileSync(new URL("../../support/base.yaml", import.meta.url), "utf8");

/** The IR of a descriptor that must be right; each text is compiled once in a test file. */
export function irOf(text: string): Promise<Connector> {
  const known = compiled.get(text) ?? compileRight(text);
  compiled.set(text, known);
  return known;
}

const compiled = new Map<string, Promise<Connector>>();

async function compileRight(text: string): Promise<Connector> {
  const { ir, diagnostics } = await compile(text);
  if (!ir) throw new Error(diagnostics.map(({ message, path }) => `${path} ${message}`).join("\n"));
  return ir;
}

/** What changed between two texts, with the places in both. */
export async function diffTexts(old: string, now: string): Promise<ConnectorDiff> {
  return diffConnectors(await irOf(old), await irOf(now), { old: { text: old }, new: { text: now } });
}

/** A text with one part replaced; a part that is not there is a slip of the test. */
export function swapped(text: string, find: string, put: string): string {
  if (!text.includes(find)) throw new Error(`not in the text: ${find}`);
  return text.replace(find, () => put);
}

/** The line of a text that a needle stands in, from 1. */
export function lineOf(text: string, needle: string): number {
  return text.slice(0, text.indexOf(needle)).split("\n").length;
}
