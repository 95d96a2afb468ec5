/** A sorted set: members by their scores. */
import type { LuaValue } from "./lua-script.ts";

interface Place {
  readonly member: string;
  readonly score: number;
}

export class ScoreSet {
  readonly #scores = new Map<string, number>();
  /** By score, then by member. */
  #order: Place[] = [];

  get size(): number {
    return this.#scores.size;
  }

  get(member: string): number | undefined {
    return this.#scores.get(member);
  }

  set(member: string, score: number): void {
    this.delete(member);
    this.#scores.set(member, score);
    this.#order.splice(
      this.#firstWhere((place) => place.score > score || (place.score === score && place.member > member)),
      0,
      { member, score },
    );
  }

  delete(member: string): boolean {
    const score = this.#scores.get(member);
    if (score === undefined) return false;
    this.#scores.delete(member);
    const at = this.#firstWhere(
      (place) => place.score > score || (place.score === score && place.member >= member),
    );
    this.#order.splice(at, 1);
    return true;
  }

  /** Members whose score lies before a bound of Redis: `12`, `(12`, `-inf`. */
  countBefore(from: LuaValue): number {
    const { score, open } = boundOf(from);
    return this.#firstWhere((place) => (open ? place.score > score : place.score >= score));
  }

  countUntil(to: LuaValue): number {
    const { score, open } = boundOf(to);
    return this.#firstWhere((place) => (open ? place.score >= score : place.score > score));
  }

  dropUntil(to: LuaValue): number {
    const gone = this.#order.splice(0, this.countUntil(to));
    for (const { member } of gone) this.#scores.delete(member);
    return gone.length;
  }

  *[Symbol.iterator](): Iterator<readonly [string, number]> {
    yield* this.#scores;
  }

  /** The first place for which the test holds; it holds for all that follow. */
  #firstWhere(test: (place: Place) => boolean): number {
    let low = 0;
    let high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const place = this.#order[middle];
      if (place !== undefined && test(place)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function boundOf(bound: LuaValue): { readonly score: number; readonly open: boolean } {
  const text = String(bound);
  if (text === "-inf") return { score: Number.NEGATIVE_INFINITY, open: false };
  return text.startsWith("(")
    ? { score: Number(text.slice(1)), open: true }
    : { score: Number(text), open: false };
}
