/** What turns a foreign document into descriptors: one function type, one folder a format, one list (`formats.ts`). */
import type { Descriptor } from "../../schema/descriptor.ts";
import type { Host } from "../host.ts";
import type { Note, Notes } from "./notes.ts";

/** A foreign document, read: plain data whose maps own their keys. */
export interface SourceDocument {
  /** As messages name it: a path from the current folder, or `-`. */
  readonly name: string;
  readonly data: unknown;
}

export interface ImportOptions {
  /** Globs over what the format selects by: a tag, an operation, a path, an entry's name. None: all of it. */
  readonly select: readonly string[];
  /** Globs over tags and operations that become MCP tools. None: no `mcp_config`. */
  readonly mcp: readonly string[];
  /** Reads further files of the source, named relative to it; absent where it is a text alone. */
  readonly host?: Host;
  /** Hears how far a long import is. */
  readonly progress?: (text: string) => void;
}

/** A descriptor as the importer understood it; what it could not say is in its notes. */
export interface Draft {
  readonly descriptor: Descriptor;
  readonly notes: Notes;
  /** Operations of the source that were selected, carried or not. */
  readonly operations: number;
}

/** A connector of the source of which nothing can be carried, and why; the others are carried all the same. */
export type Refusal = Note;

/** One format. */
export interface Importer {
  /** Whether data looks like a document of this format; cheap, and never throws. */
  recognises(data: unknown): boolean;
  /**
   * The descriptors of a document, often one. Fails with an `ImportFailure` only where nothing of it can be used; whatever
   * else is wrong with a part of it is a note, and the rest is carried.
   */
  draft(source: SourceDocument, options: ImportOptions): Promise<readonly (Draft | Refusal)[]>;
}

/** A source of which nothing can be used. `message` is one sentence: what, where, what to do next. */
export class ImportFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ImportFailure";
  }
}
