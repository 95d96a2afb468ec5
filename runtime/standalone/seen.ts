/** A set of texts of several kinds; stands in for `paginate/seen.ts`, which holds less of each, in more code. */
export class Seen {
  readonly #texts: Set<string> = new Set();

  /** Adds a text; false where it was there. Texts of different kinds are different. */
  add(text: string, kind = 0): boolean {
    const size = this.#texts.size;
    return this.#texts.add(`${kind} ${text}`).size > size;
  }
}
