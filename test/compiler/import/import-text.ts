/** Imports a text, holds that what comes out validates, and gives the connectors as data. */
import { expect } from "vitest";
import { parse } from "yaml";
import { type ImportedConnector, importDocument } from "../../../compiler/import/import.ts";
import type { Note } from "../../../compiler/import/notes.ts";
import type { Descriptor } from "../../../schema/descriptor.ts";
import { compileImported } from "./openapi/imported.ts";

export interface ImportedText {
  readonly format: string;
  readonly connectors: readonly ImportedConnector[];
  readonly descriptors: readonly Descriptor[];
  readonly refused: readonly Note[];
}

export async function importText(
  source: object | string,
  options: { readonly format?: string; readonly select?: readonly string[] } = {},
): Promise<ImportedText> {
  const imported = await importDocument({
    name: "source.yaml",
    bytes: typeof source === "string" ? source : JSON.stringify(source),
    select: options.select ?? [],
    mcp: [],
    ...(options.format === undefined ? {} : { format: options.format }),
  });
  for (const connector of imported.connectors) {
    const { diagnostics } = await compileImported(connector);
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  }
  return { ...imported, descriptors: imported.connectors.map(({ files }) => parse(files[0]?.text ?? "")) };
}

/** The only connector of a source. */
export async function importOne(
  source: object | string,
  format?: string,
): Promise<{ readonly descriptor: Descriptor; readonly text: string; readonly lost: readonly Note[] }> {
  const { connectors, descriptors } = await importText(source, format === undefined ? {} : { format });
  const [connector] = connectors;
  const [descriptor] = descriptors;
  if (!connector || !descriptor || connectors.length > 1) throw new Error("not one connector");
  return { descriptor, text: connector.files[0]?.text ?? "", lost: connector.lost };
}
