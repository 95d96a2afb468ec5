/** 64 bits of a text, as two halves (the mixing of cyrb53, with both halves kept). */
function hash64(text: string, kind: number, into: Uint32Array): void {
  // Spread over all bits: beside the first character, a kind of small numbers would take its place.
  let high = Math.imul(0xdeadbeef ^ kind, 2654435761);
  let low = Math.imul(0x41c6ce57 ^ kind, 1597334677);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  into[0] = high;
  into[1] = low;
}

/** Many small tables instead of a large one: while one grows, only that one is there twice. */
const tableCount = 256;
const firstPlaces = 16;

/** A set of texts, held as 64-bit hashes in flat arrays: 11 to 22 bytes a text, whatever its length. */
export class Seen {
  readonly #tables: (Table | undefined)[] = new Array(tableCount);
  readonly #hash: Uint32Array = new Uint32Array(2);

  /** Adds a text; false where it was there. Texts of different kinds (small numbers) are different. */
  add(text: string, kind = 0): boolean {
    hash64(text, kind, this.#hash);
    const [high = 0, low = 0] = this.#hash;
    const index = high & (tableCount - 1);
    let table = this.#tables[index];
    if (!table) {
      table = new Table();
      this.#tables[index] = table;
    }
    // Two zeros mark a free place.
    return table.add(high, low === 0 && high === 0 ? 1 : low);
  }
}

/** Pairs of halves under open addressing; the number of places is a power of two. */
class Table {
  #halves: Uint32Array = new Uint32Array(2 * firstPlaces);
  #size = 0;

  add(high: number, low: number): boolean {
    if (!insert(this.#halves, high, low)) return false;
    // At three quarters.
    if (++this.#size * 8 > this.#halves.length * 3) this.#grow();
    return true;
  }

  #grow(): void {
    const old = this.#halves;
    this.#halves = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 2) {
      const high = old[at] ?? 0;
      const low = old[at + 1] ?? 0;
      if (high !== 0 || low !== 0) insert(this.#halves, high, low);
    }
  }
}

/** False where the pair is there. */
function insert(halves: Uint32Array, high: number, low: number): boolean {
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
