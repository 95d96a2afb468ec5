/** What a person should know of an import: comments at their places in the descriptor, and a line each in the summary. */

/** Something of the source that the descriptor does not say, or says otherwise. */
export interface Note {
  /** Where in the source: a JSON Pointer, or whatever names a place there. */
  readonly at: string;
  /** A sentence. */
  readonly message: string;
}

/** Comments hang on a map of the draft: above one of its keys, or (without a key) above the map as an entry of a list. */
export class Notes {
  readonly #comments = new WeakMap<object, Map<string, string[]>>();
  readonly #lost: Note[] = [];
  readonly #told = new Set<string>();

  /** In order, each once. */
  get lost(): readonly Note[] {
    return this.#lost;
  }

  /** Explains a choice, such as a detection, where it stands. */
  comment(owner: object, key: string | undefined, text: string): void {
    const keys = this.#comments.get(owner) ?? new Map<string, string[]>();
    this.#comments.set(owner, keys);
    const texts = keys.get(key ?? "") ?? [];
    if (!texts.includes(text)) keys.set(key ?? "", [...texts, text]);
  }

  /** Tells what is not carried over: a line of the summary, and a comment where a place is given. */
  lose(at: string, message: string, owner?: object, key?: string): void {
    if (owner) this.comment(owner, key, message);
    const id = `${at} ${message}`;
    if (this.#told.has(id)) return;
    this.#told.add(id);
    this.#lost.push({ at, message });
  }

  /** The comments above a key of a map, or above the map itself. */
  at(owner: object, key?: string): readonly string[] {
    return this.#comments.get(owner)?.get(key ?? "") ?? [];
  }

  has(owner: object): boolean {
    return this.#comments.has(owner);
  }

  /** Gives a copy of a map the comments of the original. */
  move(from: object, to: object): void {
    const keys = this.#comments.get(from);
    if (keys) this.#comments.set(to, keys);
  }
}
