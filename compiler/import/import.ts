/** A foreign document to descriptors: read, understood, judged and mended, written. */
import { list } from "../../schema/language/spelling.ts";
import { formats, guessFormat } from "./formats.ts";
import { type Draft, ImportFailure, type ImportOptions } from "./importer.ts";
import { mend } from "./mend/mend.ts";
import type { Note } from "./notes.ts";
import { readSource } from "./read-source.ts";
import { renderFiles } from "./write/files.ts";

export interface ImportRequest extends ImportOptions {
  /** A key of `formats`; guessed where it is not given. */
  readonly format?: string;
  /** As messages name the document. */
  readonly name: string;
  readonly bytes: Uint8Array | string;
}

/** A file of a connector; its path is relative to the connector's own folder. */
export interface ImportedFile {
  readonly path: string;
  readonly text: string;
}

export interface ImportedConnector {
  readonly slug: string;
  /** `connector.yaml` first. */
  readonly files: readonly ImportedFile[];
  /** What the descriptor does not say of the source. */
  readonly lost: readonly Note[];
  /** Selected operations of the source, and those of them that the descriptor has. */
  readonly operations: { readonly found: number; readonly carried: number };
}

export interface Imported {
  readonly format: string;
  readonly connectors: readonly ImportedConnector[];
  /** Connectors of the source that no descriptor can say, and why; never all of them. */
  readonly refused: readonly Note[];
}

/** Fails with an `ImportFailure` where nothing of the document can be used. */
export async function importDocument(request: ImportRequest): Promise<Imported> {
  const read = readSource(request.bytes);
  if ("problem" in read) throw new ImportFailure(`cannot read ${request.name}: ${read.problem}`);
  const format = request.format ?? (await guessFormat(read.data));
  const load = format === undefined ? undefined : formats[format];
  if (format === undefined || !load) throw unknownFormat(request);
  const importer = await load();
  const drafts = await importer.draft({ name: request.name, data: read.data }, request);
  const connectors: ImportedConnector[] = [];
  const refused: Note[] = [];
  for (const draft of drafts) {
    if (!("descriptor" in draft)) {
      refused.push(draft);
      continue;
    }
    for (const problem of read.problems) draft.notes.lose(request.name, problem);
    request.progress?.(`writing ${draft.descriptor.metadata.slug}`);
    try {
      connectors.push(await finish(draft, `${format} ${request.name.split("/").at(-1)}`));
    } catch (error) {
      if (!(error instanceof ImportFailure)) throw error;
      refused.push({ at: draft.descriptor.metadata.slug, message: error.message });
    }
  }
  const [first] = refused;
  if (connectors.length === 0 && first) throw new ImportFailure(first.message);
  return { format, connectors, refused };
}

async function finish(draft: Draft, origin: string): Promise<ImportedConnector> {
  const { descriptor, notes } = draft;
  const files = await mend(draft, () => renderFiles(descriptor, notes, origin));
  return {
    slug: descriptor.metadata.slug,
    files,
    lost: notes.lost,
    operations: { found: draft.operations, carried: descriptor.operations?.length ?? 0 },
  };
}

function unknownFormat({ name, format }: ImportRequest): ImportFailure {
  const known = list(Object.keys(formats), 20);
  return new ImportFailure(
    format === undefined
      ? `cannot tell what ${name} is; name its format: ${known}`
      : `there is no format ${format}; take ${known}`,
  );
}
