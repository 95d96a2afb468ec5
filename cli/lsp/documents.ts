/** The open documents that are descriptors or configurations, judged as they are typed: the latest text wins. */
import { basename, extname } from "node:path";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { TextFormat } from "../../compiler/read/read.ts";
import { looksLikeDescriptor } from "../find/root-keys.ts";
import { configNames } from "../validate/config.ts";

export type DocumentKind = "descriptor" | "config";

/** What a document is, by its name or by the keys at its root; undefined for the other YAML of a workspace. */
export function kindOf(document: TextDocument): DocumentKind | undefined {
  const name = fileNameOf(document.uri);
  if (configNames.includes(name)) return "config";
  if (/^connector\.(?:ya?ml|json)$/.test(name)) return "descriptor";
  return looksLikeDescriptor(document.getText()) ? "descriptor" : undefined;
}

/** The last part of a URI's path, still encoded; editors send what is no URI, too. */
export function fileNameOf(uri: string): string {
  return basename(URL.canParse(uri, "file:///") ? new URL(uri, "file:///").pathname : uri);
}

export function formatOf({ uri, languageId }: TextDocument): TextFormat {
  return languageId === "json" || extname(uri).toLowerCase() === ".json" ? "json" : "yaml";
}

/** Judges documents a moment after they change, and keeps what was found for the version it was found in. */
export class Judged<T> {
  readonly #work: Work<T>;
  readonly #known = new Map<string, { readonly version: number; readonly found: Promise<T> }>();
  readonly #pending = new Map<string, Pending>();
  /** The last text that was judged to the end. */
  readonly #last = new Map<string, Before<T>>();
  /** How long judging took last: a large document is not judged at every key. */
  readonly #cost = new Map<string, number>();

  constructor(work: Work<T>) {
    this.#work = work;
  }

  /** Whether a document is a descriptor, by its text alone. */
  concerns(document: TextDocument): boolean {
    return this.#work.concerns(document);
  }

  /**
   * What is known of the document's present text. A large one is waited for while it changes: editors ask for its
   * outline, folds and links at every key.
   */
  async of(document: TextDocument): Promise<T> {
    const { uri } = document;
    for (;;) {
      while (this.#pending.has(uri) && (this.#cost.get(uri) ?? 0) > shortest)
        await this.#pending.get(uri)?.passed;
      try {
        return await this.#now(document);
      } catch (error) {
        if (!(error instanceof Outdated)) throw error;
      }
    }
  }

  /** What was found in an earlier text of a large document that is still to be judged; undefined where there is none. */
  before({ uri, version }: TextDocument): Before<T> | undefined {
    const isLarge = (this.#cost.get(uri) ?? 0) > shortest;
    const last = this.#last.get(uri);
    return isLarge && last && last.version !== version ? last : undefined;
  }

  #now(document: TextDocument): Promise<T> {
    const { uri, version } = document;
    const known = this.#known.get(uri);
    if (known?.version === version) return known.found;
    const found = this.#timed(document);
    this.#known.set(uri, { version, found });
    // A failure is told to whoever asked; it is not kept.
    found.catch(() => this.#known.delete(uri));
    return found;
  }

  /** The document has changed, or what it depends on has. */
  changed({ uri }: TextDocument): void {
    this.#known.delete(uri);
    this.#pass(uri);
    const wait = Math.min(Math.max(this.#cost.get(uri) ?? 0, shortest), longest);
    let pass = (): void => {};
    const passed = new Promise<void>((resolve) => {
      pass = resolve;
    });
    const timer = setTimeout(() => {
      this.#pass(uri);
      void this.#publish(uri);
    }, wait);
    this.#pending.set(uri, { timer, pass, passed });
  }

  closed({ uri }: TextDocument): void {
    this.#pass(uri);
    for (const map of [this.#known, this.#cost, this.#last]) map.delete(uri);
  }

  close(): void {
    for (const uri of [...this.#pending.keys()]) this.#pass(uri);
  }

  /** The wait for the next key is over, or begins anew. */
  #pass(uri: string): void {
    const pending = this.#pending.get(uri);
    if (!pending) return;
    clearTimeout(pending.timer);
    this.#pending.delete(uri);
    pending.pass();
  }

  async #publish(uri: string): Promise<void> {
    const document = this.#work.open(uri);
    if (!document) return;
    const { version } = document;
    try {
      const found = await this.#now(document);
      const now = this.#work.open(uri);
      // Text that changed meanwhile has a timer of its own.
      if (now && now.version === version) this.#work.tell(now, found);
    } catch (error) {
      if (error instanceof Outdated) return;
      // A fault of ours: the server goes on, and the next change tries anew.
      this.#work.failed(document, error);
    }
  }

  async #timed(document: TextDocument): Promise<T> {
    const start = performance.now();
    const { uri, version } = document;
    const text = document.getText();
    const pause = async (): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve));
      const now = this.#work.open(uri);
      if (now && now.version !== version) throw new Outdated();
    };
    const found = await this.#work.judge(document, pause);
    this.#cost.set(uri, performance.now() - start);
    this.#last.set(uri, { version, text, found });
    return found;
  }
}

/** What judging a document means, and who hears of it. */
export interface Work<T> {
  /** `pause` is awaited now and then; it throws where the text has changed meanwhile. */
  judge(document: TextDocument, pause: () => Promise<void>): Promise<T>;
  tell(document: TextDocument, found: T): void;
  failed(document: TextDocument, error: unknown): void;
  open(uri: string): TextDocument | undefined;
  concerns(document: TextDocument): boolean;
}

/** An earlier text of a document, and what was found in it. */
export interface Before<T> {
  readonly version: number;
  readonly text: string;
  readonly found: T;
}

/** Ends the judging of a text that is no more. */
class Outdated extends Error {}

/** A document that changed a moment ago. */
interface Pending {
  readonly timer: NodeJS.Timeout;
  readonly pass: () => void;
  readonly passed: Promise<void>;
}

/** Milliseconds between the last key and judging. */
const shortest = 60;
const longest = 1500;
