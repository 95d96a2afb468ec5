/** Tells whether a consent was replaced or forgotten since it was looked at. */
export type Watch = () => boolean;

const mostRemembered = 10_000;

/** The logins and log-outs of this runtime, by record: whoever holds credentials in memory asks before using them. */
export class GrantChanges {
  readonly #last: Map<string, number> = new Map();
  #count = 0;
  /** What is not remembered may have changed up to here. */
  #floor = 0;

  note(name: string): void {
    this.#last.set(name, ++this.#count);
    if (this.#last.size <= mostRemembered) return;
    this.#last.clear();
    this.#floor = this.#count;
  }

  /** False until the record changes. */
  watch(name: string): Watch {
    const seen = this.#of(name);
    return () => this.#of(name) !== seen;
  }

  #of(name: string): number {
    return this.#last.get(name) ?? this.#floor;
  }
}
