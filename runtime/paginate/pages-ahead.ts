import { isSameRequest, type Position } from "./position.ts";

/** One page on its way. */
export interface Fetching<P> {
  readonly page: Promise<P>;
  /** Ends the call: nobody wants the page any more. */
  stop(): void;
}

interface Asked<P> {
  readonly position: Position;
  readonly fetching: Fetching<P>;
}

/**
 * Pages that are asked for before the reader needs them, in the order in which they will be read. What was asked for at
 * a place to which the pages do not lead is given up unread.
 */
export class PagesAhead<P> {
  readonly #fetch: (position: Position) => Fetching<P>;
  #asked: Asked<P>[] = [];

  constructor(fetch: (position: Position) => Fetching<P>) {
    this.#fetch = fetch;
  }

  /** The page at a position, asked for now unless it was. */
  take(position: Position): Promise<P> {
    if (!isSameRequest(this.#asked[0]?.position, position)) this.ask([position]);
    return this.#asked.shift()?.fetching.page ?? this.#begin(position).page;
  }

  /** Asks for these and no others. */
  ask(positions: readonly Position[]): void {
    let same = 0;
    while (same < this.#asked.length && isSameRequest(this.#asked[same]?.position, positions[same])) same++;
    if (same < this.#asked.length) this.#giveUp(same);
    for (const position of positions.slice(same))
      this.#asked.push({ position, fetching: this.#begin(position) });
  }

  /** Gives up all that nobody has taken. */
  stop(): void {
    this.#giveUp(0);
  }

  #begin(position: Position): Fetching<P> {
    const fetching = this.#fetch(position);
    // Whoever takes the page hears of its failure; where nobody does, it is nobody's.
    fetching.page.catch(() => {});
    return fetching;
  }

  #giveUp(from: number): void {
    for (const { fetching } of this.#asked.slice(from)) fetching.stop();
    this.#asked = this.#asked.slice(0, from);
  }
}
