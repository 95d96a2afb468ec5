/** Seeds of the two halves; a kind is spread over all bits: beside the first character, a small number would take its place. */
const highSeed = (kind: number): number => Math.imul(0xdeadbeef ^ kind, highFactor);
const lowSeed = (kind: number): number => Math.imul(0x41c6ce57 ^ kind, lowFactor);
const highFactor = 2654435761;
const lowFactor = 1597334677;

/** Many small tables instead of a large one: while one grows, only that one is there twice. */
const tableCount = 256;
const firstPlaces = 16;

/**
 * A set of texts and whole numbers, held as 64-bit hashes in flat arrays: 11 to 22 bytes each, whatever the length. What is
 * put to it is looked up by `addAll`, many at once: each lies somewhere else in memory, and so they are waited for together.
 */
export class Seen {
  readonly #tables: (Table | undefined)[] = new Array(tableCount);
  /** Pairs of halves that are not looked up yet. */
  #put: Int32Array = new Int32Array(2);
  #length = 0;
  /** What was read ahead goes here, so that it is read. */
  #ahead = 0;

  /** Adds a text; false where it was there. Texts of different kinds (small numbers) are different. */
  add(text: string, kind = 0): boolean {
    this.put(text, kind);
    return this.addAll();
  }

  put(text: string, kind = 0): void {
    let high = highSeed(kind);
    let low = lowSeed(kind);
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      high = Math.imul(high ^ code, highFactor);
      low = Math.imul(low ^ code, lowFactor);
    }
    this.#mix(high, low);
  }

  /** An integer (`Number.isSafeInteger`) without its text. Below 2^32 no two have one hash. */
  putInteger(value: number, kind = 0): void {
    const lower = value | 0;
    const upper = Math.floor(value / 2 ** 32) | 0;
    this.#mix(
      Math.imul(Math.imul(highSeed(kind) ^ lower, highFactor) ^ upper, highFactor),
      Math.imul(Math.imul(lowSeed(kind) ^ lower, lowFactor) ^ upper, lowFactor),
    );
  }

  /** Adds all that was put; false where one of them was there. */
  addAll(): boolean {
    const put = this.#put;
    const length = this.#length;
    this.#length = 0;
    if (length > 2)
      for (let at = 0; at < length; at += 2)
        this.#ahead ^= this.#tableOf(put[at] ?? 0).peek(put[at + 1] ?? 0);
    let areNew = true;
    for (let at = 0; at < length; at += 2) {
      const high = put[at] ?? 0;
      if (!this.#tableOf(high).add(high, put[at + 1] ?? 0)) areNew = false;
    }
    return areNew;
  }

  /** Puts the halves, mixed as cyrb53 does, with both kept. */
  #mix(unmixedHigh: number, unmixedLow: number): void {
    const high =
      Math.imul(unmixedHigh ^ (unmixedHigh >>> 16), 2246822507) ^
      Math.imul(unmixedLow ^ (unmixedLow >>> 13), 3266489909);
    const low =
      Math.imul(unmixedLow ^ (unmixedLow >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
    if (this.#length === this.#put.length) {
      const shorter = this.#put;
      this.#put = new Int32Array(2 * shorter.length);
      this.#put.set(shorter);
    }
    this.#put[this.#length++] = high;
    // Two zeros mark a free place.
    this.#put[this.#length++] = low === 0 && high === 0 ? 1 : low;
  }

  #tableOf(high: number): Table {
    const index = high & (tableCount - 1);
    let table = this.#tables[index];
    if (!table) {
      table = new Table();
      this.#tables[index] = table;
    }
    return table;
  }
}

/** Pairs of halves under open addressing; the number of places is a power of two. */
class Table {
  /** Signed: V8 keeps such numbers in registers as they are. */
  #halves: Int32Array = new Int32Array(2 * firstPlaces);
  #size = 0;

  add(high: number, low: number): boolean {
    if (!insert(this.#halves, high, low)) return false;
    // At three quarters.
    if (++this.#size * 8 > this.#halves.length * 3) this.#grow();
    return true;
  }

  /** Something of the place where this half would be looked for. */
  peek(low: number): number {
    return this.#halves[2 * (low & (this.#halves.length / 2 - 1))] ?? 0;
  }

  #grow(): void {
    const old = this.#halves;
    this.#halves = new Int32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 2) {
      const high = old[at] ?? 0;
      const low = old[at + 1] ?? 0;
      if (high !== 0 || low !== 0) insert(this.#halves, high, low);
    }
  }
}

/** False where the pair is there. */
function insert(halves: Int32Array, high: number, low: number): boolean {
  const mask = halves.length / 2 - 1;
  for (let place = low & mask; ; place = (place + 1) & mask) {
    const heldHigh = halves[2 * place];
    const heldLow = halves[2 * place + 1];
    if (heldHigh === high && heldLow === low) return false;
    if (heldHigh === 0 && heldLow === 0) {
      halves[2 * place] = high;
      halves[2 * place + 1] = low;
      return true;
    }
  }
}
